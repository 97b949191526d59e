#include <algorithm>
#include <cmath>

#include "check/shrink/shrink_steps.hpp"
#include "laws/inputs/edit.hpp"

namespace attest {
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

template <class Member>
void add_drop(ShrinkSteps& steps, Member member) {
  add(
      steps, [=](const Problem& p) { return (p.*member).has_value(); },
      [=](Problem& p) { (p.*member).reset(); });
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

void add_layout(ShrinkSteps& steps, Tensor Problem::*tensor) {
  add(
      steps, [=](const Problem& p) { return !(p.*tensor).contiguous(); },
      [=](Problem& p) { p.*tensor = packed(p.*tensor); });
}

void add_layout(ShrinkSteps& steps, std::optional<Tensor> Problem::*tensor) {
  add(
      steps, [=](const Problem& p) { return p.*tensor && !(p.*tensor)->contiguous(); },
      [=](Problem& p) { p.*tensor = packed(*(p.*tensor)); });
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
  for (auto tensor :
       {&Problem::bias, &Problem::mask, &Problem::alibi_slopes, &Problem::sink, &Problem::kv_lens}) {
    add_layout(steps, tensor);
  }
  for (auto tensor : {&Problem::q, &Problem::k, &Problem::v}) add_layout(steps, tensor);
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

// The first slice of a bias or mask along an axis stands for all.
void add_broadcasts(ShrinkSteps& steps, std::optional<Tensor> Problem::*tensor) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    add(
        steps, [=](const Problem& p) { return (p.*tensor) && (p.*tensor)->dim(axis) > 1; },
        [=](Problem& p) { p.*tensor = taken(*(p.*tensor), axis, {0}); });
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
        return p.bias || p.mask || p.alibi_slopes || p.sink || p.kv_lens || p.causal != Causal::none ||
               p.window_left != -1 || p.window_right != -1 || p.softcap != 0;
      },
      [](Problem& p) {
        for (auto tensor :
             {&Problem::bias, &Problem::mask, &Problem::alibi_slopes, &Problem::sink, &Problem::kv_lens}) {
          (p.*tensor).reset();
        }
        p.causal = Causal::none;
        p.window_left = p.window_right = -1;
        p.softcap = 0;
      });
}

void add_feature_steps(const Problem&, ShrinkSteps& steps) {
  add_drop(steps, &Problem::bias);
  add_drop(steps, &Problem::mask);
  add_drop(steps, &Problem::alibi_slopes);
  add_drop(steps, &Problem::sink);
  add_drop(steps, &Problem::kv_lens);
  add_causality(steps);
  add_window(steps, &Problem::window_left);
  add_window(steps, &Problem::window_right);
  add_numbers(steps);
  add_common_sign(steps);
  add_layouts(steps);
  add_broadcasts(steps, &Problem::bias);
  add_broadcasts(steps, &Problem::mask);
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

}  // namespace attest
