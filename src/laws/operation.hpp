// What attest verifies of a kernel, as data: what the kernel is given and returns, what decides whether that
// is right, and which laws hold. There is one operation today, the forward pass.
//
// To add an operation: its signature (problem/signature.hpp), its definition with the bound of its error
// (oracle/judge/by_definition.hpp), its laws, and a row here that joins them. See docs/extending.md.
#pragma once

#include <vector>

#include "laws/law.hpp"
#include "oracle/judge/by_definition.hpp"
#include "problem/signature.hpp"

namespace attest::laws {

struct Operation {
  Signature signature;
  /// What a correct kernel returns, and how far from it a number may be under a contract.
  oracle::Definition definition = nullptr;
  /// The same judgement by faster means; null: number by number, by the definition.
  oracle::Judgement (*judge_fast)(const Problem& problem, const Result& result,
                                  const oracle::ContractSet& contract,
                                  const oracle::JudgeOptions& options) = nullptr;
  /// In the order of reports.
  const std::vector<Law>& (*laws)() = nullptr;

  /// By its definition, within its bound.
  oracle::Judgement judge(const Problem& problem, const Result& result, const oracle::ContractSet& contract,
                          const oracle::JudgeOptions& options = {}) const;
};

/// attest_kernel_forward.
const Operation& forward_operation();

}  // namespace attest::laws
