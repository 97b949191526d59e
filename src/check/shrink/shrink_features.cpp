#include <algorithm>
#include <cmath>

#include "check/shrink/shrink_steps.hpp"
#include "laws/inputs/edit.hpp"
#include "problem/inputs.hpp"

namespace attest::check {
namespace {

// A step that applies when `applies` and then edits a copy.
template <class Applies, class Edit>
void add(ShrinkSteps& steps, Applies applies, Edit edit) {
  steps.emplace_back([=](const Problem& p) -> std::optional<Problem> {
    if (!applies(p)) return std::nullopt;
    Problem simpler = p;
    edit(simpler);
    return simpler;
  });
}

void add_drop(ShrinkSteps& steps, const Input& input) {
  add(
      steps, [&input](const Problem& p) { return input.of(p) != nullptr; },
      [&input](Problem& p) { input.leave_out(p); });
}

void add_window(ShrinkSteps& steps, std::int64_t Problem::*window) {
  add(
      steps, [=](const Problem& p) { return p.*window != -1; }, [=](Problem& p) { p.*window = -1; });
  add(
      steps, [=](const Problem& p) { return p.*window > 0; }, [=](Problem& p) { p.*window = 0; });
  add(
      steps, [=](const Problem& p) { return p.*window > 1; }, [=](Problem& p) { p.*window /= 2; });
}

Tensor packed(const Tensor& t) { return t.with_strides(row_major_strides(t.shape())); }

void add_layout(ShrinkSteps& steps, const Input& input) {
  add(
      steps,
      [&input](const Problem& p) {
        const Tensor* t = input.of(p);
        return t != nullptr && !t->contiguous();
      },
      [&input](Problem& p) { input.put(p, packed(*input.of(p))); });
}

void add_layouts(ShrinkSteps& steps) {
  for (auto strides : {&Problem::out_strides, &Problem::lse_strides}) {
    add(
        steps, [=](const Problem& p) { return !(p.*strides).empty(); },
        [=](Problem& p) { (p.*strides).clear(); });
  }
  for (auto shared : {&Problem::q_is_k, &Problem::k_is_v}) {
    add(
        steps, [=](const Problem& p) { return p.*shared; }, [=](Problem& p) { p.*shared = false; });
  }
  for (const Input& input : optional_inputs()) add_layout(steps, input);
  for (const Input& input : required_inputs()) add_layout(steps, input);
}

void negate(Tensor& t) {
  std::vector<double> values = t.values();
  for (double& x : values) x = -x;
  t.assign(values);
}

std::int64_t negatives_over_positives(const Tensor& t) {
  std::int64_t balance = 0;
  for (const double x : t.values()) balance += x < 0 ? 1 : (x > 0 ? -1 : 0);
  return balance;
}

// The scores of (-q, -k) are those of (q, k); the negation has fewer minus signs.
void add_common_sign(ShrinkSteps& steps) {
  add(
      steps,
      [](const Problem& p) { return negatives_over_positives(p.q) + negatives_over_positives(p.k) > 0; },
      [](Problem& p) {
        negate(p.q);
        negate(p.k);
      });
}

Tensor as_f32(const Tensor& t) {
  Tensor converted(DType::f32, t.shape(), t.strides());
  converted.assign(t.values());
  return t.spread() ? converted.spread_to(t.memory_strides()) : converted;
}

// Values of f64 beyond f32 would become infinite: a harder problem, not a simpler one.
bool fits_f32(const Tensor& t) {
  const std::vector<double> values = t.values();
  return std::all_of(values.begin(), values.end(), [](double x) {
    return !std::isfinite(x) || std::isfinite(representable(DType::f32, x));
  });
}

// The first slice along an axis that broadcasts stands for all.
void add_broadcasts(ShrinkSteps& steps, const Input& input) {
  for (std::size_t axis = 0; axis < input.rank; ++axis) {
    if (!input.axes[axis].broadcasts) continue;
    add(
        steps,
        [=, &input](const Problem& p) {
          const Tensor* t = input.of(p);
          return t != nullptr && t->dim(axis) > 1;
        },
        [=, &input](Problem& p) { input.put(p, laws::taken(*input.of(p), axis, {0})); });
  }
}

void add_causality(ShrinkSteps& steps) {
  add(
      steps, [](const Problem& p) { return p.causal != Causal::none; },
      [](Problem& p) { p.causal = Causal::none; });
}

void add_numbers(ShrinkSteps& steps) {
  add(
      steps, [](const Problem& p) { return p.softcap != 0; }, [](Problem& p) { p.softcap = 0; });
  add(
      steps, [](const Problem& p) { return p.softcap != 0 && p.softcap != 1; },
      [](Problem& p) { p.softcap = 1; });
  add(
      steps, [](const Problem& p) { return p.scale != 1; }, [](Problem& p) { p.scale = 1; });
  add(
      steps, [](const Problem& p) { return p.scale < 0; }, [](Problem& p) { p.scale = -p.scale; });
  add(
      steps, [](const Problem& p) { return p.want_lse; }, [](Problem& p) { p.want_lse = false; });
}

}  // namespace

void add_causal_kind_step(ShrinkSteps& steps) {
  add(
      steps, [](const Problem& p) { return p.causal == Causal::bottom_right; },
      [](Problem& p) { p.causal = Causal::top_left; });
}

void add_plain_step(ShrinkSteps& steps) {
  add(
      steps,
      [](const Problem& p) {
        return std::any_of(optional_inputs().begin(), optional_inputs().end(),
                           [&](const Input& input) { return input.of(p) != nullptr; }) ||
               std::any_of(kScalars.begin(), kScalars.end(),
                           [&](const Scalar& scalar) { return scalar.is_given(p); });
      },
      [](Problem& p) {
        for (const Input& input : optional_inputs()) input.leave_out(p);
        for (const Scalar& scalar : kScalars) {
          if (scalar.absent) scalar.leave_out(p);
        }
      });
}

void add_feature_steps(const Problem&, ShrinkSteps& steps) {
  for (const Input& input : optional_inputs()) add_drop(steps, input);
  add_causality(steps);
  add_window(steps, &Problem::window_left);
  add_window(steps, &Problem::window_right);
  add_numbers(steps);
  add_common_sign(steps);
  add_layouts(steps);
  for (const Input& input : kInputs) add_broadcasts(steps, input);
  add(
      steps,
      [](const Problem& p) {
        const bool narrow = p.q.dtype() == DType::f32 && p.k.dtype() == DType::f32;
        return !narrow && fits_f32(p.q) && fits_f32(p.k) && fits_f32(p.v);
      },
      [](Problem& p) {
        p.q = as_f32(p.q);
        p.k = as_f32(p.k);
        p.v = as_f32(p.v);
      });
}

}  // namespace attest::check
