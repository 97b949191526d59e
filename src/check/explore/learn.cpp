#include "check/explore/learn.hpp"

namespace attest::check {
namespace {

class Learner {
 public:
  Learner(Region& region, Prober& prober, const Outline& declined, int most_calls)
      : region_(region), prober_(prober), declined_(declined), most_calls_(most_calls) {}

  bool learn() {
    if (region_.empty() || takes(declined_)) return false;
    const Outline first = *region_.nearest(declined_);
    const Atoms cause = smallest_from(first);
    if (cause.size() != 1) return region_.convict(first, declined_, cause);
    if (!taken_elsewhere(cause.front())) return region_.convict(first, declined_, cause);
    // The choice is no cause by itself: the other half of it is what the problem differs in from one with it.
    const Outline* found = region_.nearest(declined_, &cause.front());
    if (found == nullptr) return false;
    const Outline second = *found;
    const Atoms other = smallest_from(second);
    if (other.size() != 1) return false;
    Outline neither = with_choices(declined_, first, cause);
    neither = with_choices(neither, second, other);
    return region_.convict(neither, declined_, {cause.front(), other.front()});
  }

 private:
  bool takes(const Outline& outline) {
    const bool taken = prober_.takes(outline);
    if (taken) region_.accept(prober_.as_asked(outline));
    return taken;
  }

  Atoms smallest_from(const Outline& accepted) {
    return least_difference(
        accepted, declined_, [this](const Outline& o) { return takes(o); }, most_calls_);
  }

  // What a kernel takes in its plainest problem, or in one of other dtypes, is declined here for more than
  // itself.
  bool taken_elsewhere(const Atom& choice) {
    if (region_.taken(declined_, choice)) return true;
    if (choice.kind <= Atom::Kind::option) return false;
    const Outline plain = with_choices(region_.base(), declined_, {choice});
    return takes(plain) && region_.taken(declined_, choice);
  }

  Region& region_;
  Prober& prober_;
  Outline declined_;
  int most_calls_;
};

}  // namespace

bool learn_from(Region& region, Prober& prober, const Outline& declined, int most_calls) {
  return Learner(region, prober, declined, most_calls).learn();
}

}  // namespace attest::check
