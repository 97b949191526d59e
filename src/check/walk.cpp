#include "check/walk.hpp"

namespace attest {

Walk walk_down(const rc::Shrinkable<Problem>& start, const std::function<bool(const Problem&)>& fails,
               const WalkLimits& limits) {
  const auto deadline = std::chrono::steady_clock::now() + limits.time;
  Walk walk{start.value()};
  rc::Seq<rc::Shrinkable<Problem>> shrinks = start.shrinks();
  while (walk.attempts < limits.attempts && std::chrono::steady_clock::now() < deadline) {
    const rc::Maybe<rc::Shrinkable<Problem>> candidate = shrinks.next();
    if (!candidate) break;
    ++walk.attempts;
    Problem problem = candidate->value();
    if (!fails(problem)) continue;
    walk.smallest = std::move(problem);
    ++walk.accepted;
    shrinks = candidate->shrinks();
  }
  return walk;
}

}  // namespace attest
