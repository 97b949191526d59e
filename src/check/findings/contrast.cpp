#include "check/findings/contrast.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace attest::check {
namespace {

using Change = std::function<double(double)>;

// Short in binary, so that products stay exact where they were. 4 keeps every bit of a large score, and makes
// its rounding error four times as large: beyond what an exponential can hold.
constexpr double kFactors[] = {1.25, 0.75, 4, 5};

bool all_finite(const Tensor& t) {
  const std::vector<double> values = t.values();
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

Tensor changed(Tensor t, const Change& change) {
  std::vector<double> values = t.values();
  std::transform(values.begin(), values.end(), values.begin(), change);
  t.assign(values);
  return t;
}

Tensor numbered(Tensor t) {
  constexpr std::int64_t kNumbers = 61;
  std::int64_t at = 0;
  return changed(std::move(t), [&](double) { return static_cast<double>(1 + at++ % kNumbers); });
}

}  // namespace

std::vector<Problem> contrasts_of(const Problem& p) {
  std::vector<Problem> contrasts;
  const auto add = [&](Problem made) {
    // Inputs at one address hold one tensor.
    if (made.q_is_k || made.k_is_v) return;
    if (all_finite(made.q) && all_finite(made.k)) contrasts.push_back(std::move(made));
  };
  Problem negated = p;
  negated.k = changed(p.k, [](double x) { return -x; });
  add(negated);
  for (const double factor : kFactors) {
    Problem scaled = p;
    scaled.q = changed(p.q, [factor](double x) { return factor * x; });
    add(std::move(scaled));
  }
  Problem told_apart = p;
  told_apart.v = numbered(p.v);
  add(std::move(told_apart));
  return contrasts;
}

}  // namespace attest::check
