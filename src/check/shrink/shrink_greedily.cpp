#include "check/shrink/shrink_greedily.hpp"

#include "check/record/interruption.hpp"
#include "check/record/problem_size.hpp"

namespace attest::check {
namespace {

double cost_of(const Problem& p) { return 1 + products_of(p) / 1e5; }

}  // namespace

ShrinkResult shrink_greedily(const rc::Shrinkable<Problem>& start,
                             const std::function<bool(const Problem&)>& fails, const ShrinkLimits& limits) {
  const auto deadline = std::chrono::steady_clock::now() + limits.time;
  ShrinkResult result{start.value()};
  rc::Seq<rc::Shrinkable<Problem>> shrinks = start.shrinks();
  double cost = 0;
  while (cost < limits.cost && std::chrono::steady_clock::now() < deadline && !stop_requested()) {
    const rc::Maybe<rc::Shrinkable<Problem>> candidate = shrinks.next();
    result.ended = !candidate;
    if (result.ended) break;
    ++result.attempts;
    Problem problem = candidate->value();
    cost += cost_of(problem);
    if (!fails(problem)) continue;
    result.smallest = std::move(problem);
    ++result.accepted;
    shrinks = candidate->shrinks();
  }
  return result;
}

}  // namespace attest::check
