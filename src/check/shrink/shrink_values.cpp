#include <algorithm>
#include <array>
#include <cmath>

#include "check/shrink/shrink_steps.hpp"
#include "problem/inputs.hpp"

namespace attest::check {
namespace {

constexpr std::int64_t kElementwise = 48;  // tensors up to this size are simplified element by element

// How hard a number is to read; every step lowers it. Where -inf masks, in a bias or sink, it is left to the
// steps for masks.
double difficulty(double x, bool masks) {
  if (!std::isfinite(x)) return masks ? 0 : 200;
  const double size = std::fabs(x);
  const double sign = std::signbit(x) ? 0.5 : 0;
  if (x == 0) return sign;
  if (size == std::nearbyint(size) && size < 0x1p53) return sign + (size <= 16 ? size : 16 + std::log2(size));
  if (4 * size == std::nearbyint(4 * size) && size < 0x1p51) return 80 + sign + size / 0x1p52;
  return 100 + sign;
}

using Simplify = double (*)(double);

double to_zero(double) { return 0; }
double to_one(double) { return 1; }
double to_integer(double x) { return std::nearbyint(x); }
double to_quarter(double x) { return std::nearbyint(4 * x) / 4; }
double to_half_integer_part(double x) { return std::trunc(x / 2); }
double to_absolute(double x) { return std::fabs(x); }
constexpr std::array<Simplify, 6> kSimplify{to_zero,    to_one, to_integer, to_quarter, to_half_integer_part,
                                            to_absolute};

// Simplifies elements [from, to) in row-major order.
void add_range(const Input& input, std::int64_t from, std::int64_t to, Simplify simplify,
               ShrinkSteps& steps) {
  const bool masks = input.values == InputValues::additive;
  steps.emplace_back([=, &input](const Problem& p) -> std::optional<Problem> {
    Problem simpler = p;
    Tensor& t = *input.of(simpler);
    std::vector<double> values = t.values();
    bool changed = false;
    for (std::int64_t at = from; at < to; ++at) {
      double& x = values[static_cast<std::size_t>(at)];
      const double candidate = representable(t.dtype(), simplify(x));
      if (!(difficulty(candidate, masks) < difficulty(x, masks))) continue;
      x = candidate;
      changed = true;
    }
    if (!changed) return std::nullopt;
    t.assign(values);
    // Of several elements that share storage the last one counts.
    if (t.bytes() == input.of(p)->bytes()) return std::nullopt;
    return simpler;
  });
}

void add_tensor(const Problem& p, const Input& input, ShrinkSteps& steps) {
  const Tensor* tensor = input.of(p);
  const std::int64_t n = tensor == nullptr ? 0 : tensor->count();
  if (n == 0) return;
  for (const Simplify simplify : kSimplify) add_range(input, 0, n, simplify, steps);
  for (std::int64_t part = n / 2; part >= std::max<std::int64_t>(2, n / 8); part /= 2) {
    for (std::int64_t from = 0; from < n; from += part) {
      for (const Simplify simplify : {to_zero, to_one, to_integer}) {
        add_range(input, from, std::min(n, from + part), simplify, steps);
      }
    }
  }
  if (n > kElementwise) return;
  for (std::int64_t at = 0; at < n; ++at) {
    for (const Simplify simplify : kSimplify) add_range(input, at, at + 1, simplify, steps);
  }
}

// Masked keys become visible, all, by rows, one by one.
void add_mask(const Problem& p, ShrinkSteps& steps) {
  if (!p.mask) return;
  const std::int64_t n = p.mask->count();
  if (n == 0) return;
  const auto unmask = [&](std::int64_t from, std::int64_t to) {
    steps.emplace_back([=](const Problem& problem) -> std::optional<Problem> {
      std::vector<double> values = problem.mask->values();
      const auto first = values.begin() + from;
      const auto last = values.begin() + to;
      if (std::find(first, last, 0.0) == last) return std::nullopt;
      std::fill(first, last, 1.0);
      Problem simpler = problem;
      simpler.mask->assign(values);
      return simpler.mask->bytes() == problem.mask->bytes() ? std::nullopt : std::optional(simpler);
    });
  };
  for (std::int64_t from = 0; from + p.kv_len() <= n && n <= 16 * p.kv_len(); from += p.kv_len()) {
    unmask(from, from + p.kv_len());
  }
  for (std::int64_t at = 0; at < n && n <= kElementwise; ++at) unmask(at, at + 1);
}

// -inf in a bias becomes 0: all of it, or one by one.
void add_bias_mask(const Problem& p, ShrinkSteps& steps) {
  if (!p.bias) return;
  const std::int64_t n = p.bias->count();
  const auto unmask = [&](std::int64_t from, std::int64_t to) {
    steps.emplace_back([=](const Problem& problem) -> std::optional<Problem> {
      std::vector<double> values = problem.bias->values();
      const auto masked = std::count(values.begin() + from, values.begin() + to, -HUGE_VAL);
      if (masked == 0) return std::nullopt;
      std::replace(values.begin() + from, values.begin() + to, -HUGE_VAL, 0.0);
      Problem simpler = problem;
      simpler.bias->assign(values);
      return simpler.bias->bytes() == problem.bias->bytes() ? std::nullopt : std::optional(simpler);
    });
  };
  unmask(0, n);
  for (std::int64_t at = 0; at < n && n <= kElementwise; ++at) unmask(at, at + 1);
}

// Lengths grow to kv_len: fewer padded keys are simpler.
void add_lengths(const Problem& p, ShrinkSteps& steps) {
  if (!p.kv_lens) return;
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    steps.emplace_back([=](const Problem& problem) -> std::optional<Problem> {
      const double length = problem.kv_lens->at({b});
      if (length >= static_cast<double>(problem.kv_len())) return std::nullopt;
      Problem simpler = problem;
      simpler.kv_lens->set({b}, length + 1);
      return simpler;
    });
  }
}

}  // namespace

void add_value_steps(const Problem& p, ShrinkSteps& steps) {
  for (const Input& input : kInputs) {
    if (input.values != InputValues::bits && input.values != InputValues::lengths)
      add_tensor(p, input, steps);
  }
  add_mask(p, steps);
  add_bias_mask(p, steps);
  add_lengths(p, steps);
}

}  // namespace attest::check
