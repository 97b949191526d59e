#include "check/campaign/recorder.hpp"

#include <algorithm>

#include "check/outline/shape_class.hpp"
#include "problem/problem.hpp"

namespace attest::check {

void Recorder::explored(const Region& /*region*/, std::int64_t calls) { exploring_calls_ = calls; }

void Recorder::declined(const CasePlan& plan) {
  ledger_.left_out(plan.left_out);
  ledger_.declined(plan.family);
  if (plan.asked) coverage_.declined(*plan.asked);
}

void Recorder::answered(const CasePlan& plan, const Outline& outline, const CheckedProblem& checked) {
  passed_over(plan, outline);
  ledger_.checked(plan.family, checked, describe(plan.problem));
}

void Recorder::passed_over(const CasePlan& plan, const Outline& outline) {
  ledger_.left_out(plan.left_out);
  coverage_.accepted(features_of(plan.problem), shape_classes_of(plan.problem.q_len(), plan.problem.kv_len()),
                     outline.dtypes);
  const Shape& s = outline.shape;
  const std::array<std::int64_t, 7> extents{s.batch,  s.q_heads, s.kv_heads, s.q_len,
                                            s.kv_len, s.qk_dim,  s.v_dim};
  for (std::size_t i = 0; i < extents.size(); ++i) largest_[i] = std::max(largest_[i], extents[i]);
  ledger_.answered(plan.family);
}

void Recorder::answered_prepared(const PreparedLaw& /*prepared*/, const CheckedProblem& checked) {
  ledger_.prepared(checked);
}

void Recorder::describe_extents(RegionReport& report) const {
  constexpr std::array<const char*, 7> kNames{"batch",  "q_heads", "kv_heads", "q_len",
                                              "kv_len", "qk_dim",  "v_dim"};
  for (std::size_t i = 0; i < kNames.size(); ++i) report.largest.emplace_back(kNames[i], largest_[i]);
}

}  // namespace attest::check
