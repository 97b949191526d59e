#include "check/shrink.hpp"

#include <memory>
#include <utility>

#include "check/shrink_steps.hpp"

namespace attest {
namespace {

class Steps {
 public:
  explicit Steps(const Problem& problem) : problem_(std::make_shared<const Problem>(problem)) {
    add_empty_steps(problem, steps_);
    add_plain_step(steps_);
    add_causal_kind_step(steps_);
    add_shape_steps(problem, steps_);
    add_feature_steps(problem, steps_);
    add_value_steps(problem, steps_);
  }

  rc::Maybe<Problem> operator()() {
    while (next_ < steps_.size()) {
      std::optional<Problem> simpler = steps_[next_++](*problem_);
      if (simpler && why_invalid(*simpler).empty()) return std::move(*simpler);
    }
    return rc::Nothing;
  }

 private:
  std::shared_ptr<const Problem> problem_;
  ShrinkSteps steps_;
  std::size_t next_ = 0;
};

}  // namespace

rc::Seq<Problem> shrinks_of(const Problem& problem) { return rc::Seq<Problem>(Steps(problem)); }

}  // namespace attest
