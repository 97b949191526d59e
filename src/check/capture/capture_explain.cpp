#include "check/capture/capture_explain.hpp"

#include "check/capture/capture_check.hpp"
#include "check/checker/relaxed_contract.hpp"
#include "check/explain/trial.hpp"
#include "oracle/contract/questions.hpp"

namespace attest::check {

std::optional<Relaxations> explain_capture(const CapturedCase& captured, const oracle::Element& worst,
                                           RelaxationClass first) {
  const Problem row = capture_row(captured.problem, worst.b, worst.h, worst.i);
  const Result row_result = capture_row_result(captured.result, row, worst);
  oracle::Element at = worst;
  at.b = at.h = 0;
  if (row.q_len() == 1) at.i = 0;
  const DType q = row.q.dtype();
  const DType kv = row.k.dtype();
  const auto under = [&](const Relaxations& relaxations) {
    const oracle::ContractSet contract = relaxed(captured.contract, fields_of(relaxations, q, kv));
    // What many relaxations allow together is no contract that a kernel keeps.
    const bool candidate = relaxations.size() <= kMostRelaxations;
    if (candidate && !oracle::may_return(contract, captured.result.out.values())) return Explained::wrong;
    if (oracle::judge(row, row_result, contract).violated()) return Explained::wrong;
    const Explained explained = explained_of(row, contract, {at});
    if (explained < Explained::in_doubt) return explained;
    const bool wrong = oracle::judge(captured.problem, captured.result, contract, captured.how).violated();
    return wrong ? Explained::wrong : explained;
  };
  return least_explanation(q, kv, {}, under, first);
}

}  // namespace attest::check
