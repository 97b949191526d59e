#include "check/explore/prober.hpp"

#include <fmt/format.h>

#include "check/generate/frame.hpp"
#include "check/generate/layout/layout.hpp"
#include "check/generate/value_fill.hpp"
#include "check/record/interruption.hpp"
#include "oracle/contract/questions.hpp"
#include "problem/kv_storage.hpp"

namespace attest::check {

std::string key_of(const Outline& o) {
  const Shape& s = o.shape;
  return fmt::format("b{} h{}/{} q{} k{} d{}/{} {}/{} {}", s.batch, s.q_heads, s.kv_heads, s.q_len, s.kv_len,
                     s.qk_dim, s.v_dim, name_of(o.dtypes.first), name_of(o.dtypes.second),
                     o.options.to_string());
}

Problem Prober::problem_of(const Outline& outline) const {
  Draw draw(rc::Random(0x9e37));
  Frame frame = frame_of(draw, context_, outline);
  fill_normal_scores(draw, frame);
  fill_normal_values(draw, frame, 1, 0.5);
  Problem problem = std::move(frame.problem);
  share_address(problem);
  const oracle::ContractSet contract =
      oracle::contract_for(context_.contract, problem.q.dtype(), problem.k.dtype());
  return stored(std::move(problem), oracle::kv_storage(contract));
}

bool Prober::exhausted() const {
  return calls_ >= limits_.calls || timeouts_ >= limits_.timeouts || fails_every_call() || stop_requested();
}

void Prober::announce(const std::vector<Outline>& outlines) {
  if (!kernel_.prefers_batches() || exhausted()) return;
  std::vector<Problem> problems;
  for (const Outline& outline : outlines) {
    if (known_.count(key_of(outline)) == 0) problems.push_back(problem_of(outline));
  }
  kernel_.prefetch(problems, limits_.call);
}

bool Prober::takes(const Outline& outline) {
  const std::string key = key_of(outline);
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second;
  if (exhausted()) return false;
  ++calls_;
  kernel::RunOptions options;
  options.time_limit = limits_.call;
  const kernel::RunStatus status = kernel_.run(problem_of(outline), options).status;
  if (status == kernel::RunStatus::timed_out) ++timeouts_;
  const bool taken = status != kernel::RunStatus::unsupported;
  if (taken) ++(status == kernel::RunStatus::ok ? results_ : failures_);
  known_.emplace(key, taken);
  return taken;
}

}  // namespace attest::check
