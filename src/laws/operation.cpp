#include "laws/operation.hpp"

namespace attest::laws {

oracle::Judgement Operation::judge(const Problem& problem, const Result& result,
                                   const oracle::ContractSet& contract,
                                   const oracle::JudgeOptions& options) const {
  if (judge_fast != nullptr) return judge_fast(problem, result, contract, options);
  return oracle::judge_by_definition(signature.outputs, definition(problem, contract), result, options);
}

const Operation& forward_operation() {
  static constexpr Operation kOperation{.signature = kForward,
                                        .definition = oracle::forward_definition,
                                        .judge_fast = oracle::judge,
                                        .laws = kernel_laws};
  return kOperation;
}

}  // namespace attest::laws
