// The judge of any operation: by its definition, number by number.
#pragma once

#include <functional>
#include <span>

#include "oracle/judge/number_judge.hpp"
#include "problem/outputs.hpp"

namespace attest::oracle {

/// What the number at a place is judged by, where a kernel returned `got`.
using StandardOf = std::function<NumberStandard(const Place& place, double got)>;

/// The standards of a problem's results under a contract. Both must outlive what it returns.
using Definition = StandardOf (*)(const Problem& problem, const ContractSet& contract);

/// Of attention of queries to keys and values: oracle/judge/forward_row.hpp.
StandardOf forward_definition(const Problem& problem, const ContractSet& contract);

/// Judges every number of these outputs, in the order of places. Of the options, only max_violations has an
/// effect.
Judgement judge_by_definition(std::span<const OutputTensor> outputs, const StandardOf& standard_of,
                              const Result& result, const JudgeOptions& options = {});

}  // namespace attest::oracle
