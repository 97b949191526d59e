#include "check/shrink/walk.hpp"

#include "check/record/work.hpp"

namespace attest {
namespace {

double cost_of(const Problem& p) { return 1 + products_of(p) / 1e5; }

}  // namespace

Walk walk_down(const rc::Shrinkable<Problem>& start, const std::function<bool(const Problem&)>& fails,
               const WalkLimits& limits) {
  const auto deadline = std::chrono::steady_clock::now() + limits.time;
  Walk walk{start.value()};
  rc::Seq<rc::Shrinkable<Problem>> shrinks = start.shrinks();
  double cost = 0;
  while (cost < limits.cost && std::chrono::steady_clock::now() < deadline) {
    const rc::Maybe<rc::Shrinkable<Problem>> candidate = shrinks.next();
    walk.ended = !candidate;
    if (walk.ended) break;
    ++walk.attempts;
    Problem problem = candidate->value();
    cost += cost_of(problem);
    if (!fails(problem)) continue;
    walk.smallest = std::move(problem);
    ++walk.accepted;
    shrinks = candidate->shrinks();
  }
  return walk;
}

}  // namespace attest
