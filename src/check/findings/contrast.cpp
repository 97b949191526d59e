#include "check/findings/contrast.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "check/findings/causes.hpp"

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

// A tensor of rank 4 with more rows, which repeat the first ones.
Tensor with_more_rows(const Tensor& t, std::int64_t rows) {
  std::vector<std::int64_t> shape = t.shape();
  const auto elements = static_cast<std::size_t>(t.dim(2) * t.dim(3));
  const std::size_t wanted = static_cast<std::size_t>((t.dim(2) + rows) * t.dim(3));
  shape[2] += rows;
  const std::vector<double> values = t.values();
  std::vector<double> repeated;
  for (std::size_t matrix = 0; matrix < values.size(); matrix += elements) {
    for (std::size_t i = 0; i < wanted; ++i) repeated.push_back(values[matrix + i % elements]);
  }
  Tensor longer(t.dtype(), shape);
  longer.assign(repeated);
  return longer;
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

std::optional<Problem> longer_copy(const Problem& p) {
  constexpr std::int64_t kMore = 256;
  Problem longer = p;
  const bool some = p.q.count() > 0 && p.k.count() > 0 && p.v.count() > 0;
  if (p.bias || p.mask || !some || !fit_for_diagnosis(p)) return std::nullopt;
  longer.q = with_more_rows(p.q, kMore);
  longer.k = with_more_rows(p.k, kMore);
  longer.v = numbered(with_more_rows(p.v, kMore));
  longer.out_strides.clear();
  longer.lse_strides.clear();
  longer.q_is_k = longer.k_is_v = false;
  if (longer.kv_lens) longer.kv_lens = changed(*p.kv_lens, [](double n) { return n + kMore; });
  if (!fit_for_diagnosis(longer) || !all_finite(longer.q) || !all_finite(longer.k)) return std::nullopt;
  return longer;
}

}  // namespace attest::check
