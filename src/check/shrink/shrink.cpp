#include "check/shrink/shrink.hpp"

#include <memory>
#include <utility>

#include "check/region/region.hpp"
#include "check/shrink/shrink_steps.hpp"

namespace attest::check {
namespace {

// A change of one of two inputs that are one in memory is made to both: what needs them to be one still does.
// (That they need not be is a step of its own.)
void keep_shared(const Problem& before, Problem& p) {
  const auto follow = [](Tensor& a, const Tensor& a_before, Tensor& b, const Tensor& b_before) {
    if (same_in_memory(a, b)) return;
    if (same_in_memory(b, b_before)) {
      b = a;
    } else if (same_in_memory(a, a_before)) {
      a = b;
    }
  };
  if (p.k_is_v && v_lies_in_k(before)) follow(p.k, before.k, p.v, before.v);
  if (p.q_is_k && k_lies_in_q(before)) follow(p.q, before.q, p.k, before.k);
}

class Steps {
 public:
  Steps(const Problem& problem, ShrinkRegion within)
      : problem_(std::make_shared<const Problem>(problem)), within_(std::move(within)) {
    add_empty_steps(problem, steps_);
    add_plain_step(steps_);
    add_causal_kind_step(steps_);
    add_shape_steps(problem, within_.region.get(), steps_);
    add_feature_steps(problem, steps_);
    add_value_steps(problem, steps_);
  }

  rc::Maybe<Problem> operator()() {
    while (next_ < steps_.size()) {
      std::optional<Problem> simpler = steps_[next_++](*problem_);
      if (simpler) keep_shared(*problem_, *simpler);
      if (simpler && why_invalid(*simpler).empty() && admits(*simpler)) return std::move(*simpler);
    }
    return rc::Nothing;
  }

 private:
  bool admits(const Problem& p) const {
    const bool admitted = within_.region == nullptr || within_.region->admits(outline_of(p));
    if (!admitted && within_.left_out != nullptr) ++*within_.left_out;
    return admitted;
  }

  std::shared_ptr<const Problem> problem_;
  ShrinkRegion within_;
  ShrinkSteps steps_;
  std::size_t next_ = 0;
};

}  // namespace

rc::Seq<Problem> shrinks_of(const Problem& problem, const ShrinkRegion& within) {
  return rc::Seq<Problem>(Steps(problem, within));
}

}  // namespace attest::check
