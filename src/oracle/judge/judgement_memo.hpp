// Judgements that are kept for calls that come again.
#pragma once

#include "oracle/judge/judge.hpp"
#include "oracle/memo.hpp"

namespace attest::oracle {

/// Libraries for different CPUs often return the same bits, and laws repeat calls.
using JudgementMemo = Memo<Judgement>;

/// The memo of this process.
JudgementMemo& judgement_memo();

/// Of all that judge() depends on.
Fingerprint fingerprint_of(const Problem& problem, const Result& result, const ContractSet& contract,
                           const JudgeOptions& options);

/// About what an entry takes.
std::size_t bytes_of(const Judgement& judgement);

}  // namespace attest::oracle
