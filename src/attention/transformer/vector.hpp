// The vector operations of a transformer, each with what it costs, on spans that someone else owns.
//
// Nothing here allocates. Where a semantics tallies (semantics/counting.hpp), the loop is skipped and its
// cost booked.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

#include "attention/dot.hpp"
#include "attention/transformer/model.hpp"
#include "semantics/counting.hpp"

namespace attest::attention {

template <semantics::Scoring A>
using Numbers = std::span<typename A::Acc>;
template <semantics::Scoring A>
using ConstNumbers = std::span<const typename A::Acc>;

constexpr semantics::OperationCounts dot_cost(std::size_t n) { return {.add = n - 1, .mul = n}; }
constexpr semantics::OperationCounts product_cost(std::size_t rows, std::size_t columns) {
  return rows * dot_cost(columns);
}
constexpr semantics::OperationCounts norm_cost(std::size_t n) {
  return dot_cost(n) + semantics::OperationCounts{.add = 1, .mul = 2 * n, .div = 2, .sqrt = 1};
}
constexpr semantics::OperationCounts rotation_cost(std::size_t n) { return {.add = n, .mul = 2 * n}; }

/// Four rows of a product side by side, so that a sum need not wait for the one before: each is dot's, in its
/// order.
template <semantics::Scoring A>
void four_dots(const A& k, ConstNumbers<A> w, ConstNumbers<A> x, Numbers<A> y) noexcept {
  const std::size_t n = x.size();
  auto a = k.mul(w[0], x[0]), b = k.mul(w[n], x[0]), c = k.mul(w[2 * n], x[0]), d = k.mul(w[3 * n], x[0]);
  for (std::size_t i = 1; i < n; ++i) {
    a = k.add(a, k.mul(w[i], x[i]));
    b = k.add(b, k.mul(w[n + i], x[i]));
    c = k.add(c, k.mul(w[2 * n + i], x[i]));
    d = k.add(d, k.mul(w[3 * n + i], x[i]));
  }
  y[0] = a, y[1] = b, y[2] = c, y[3] = d;
}

/// y = W x; W has y.size() rows of x.size() numbers.
template <semantics::Scoring A>
void product(const A& k, ConstNumbers<A> w, ConstNumbers<A> x, Numbers<A> y) noexcept {
  if constexpr (semantics::Tallies<A>) {
    k.tally(product_cost(y.size(), x.size()));
  } else {
    std::size_t i = 0;
    for (; i + 4 <= y.size(); i += 4) four_dots<A>(k, w.subspan(i * x.size()), x, y.subspan(i, 4));
    for (; i < y.size(); ++i) y[i] = dot(k, w.subspan(i * x.size(), x.size()), x);
  }
}

/// x += W y, W as in product: the end of a residual branch.
template <semantics::Scoring A>
void add_product(const A& k, ConstNumbers<A> w, ConstNumbers<A> y, Numbers<A> x) noexcept {
  if constexpr (semantics::Tallies<A>) {
    k.tally(product_cost(x.size(), y.size()) + semantics::OperationCounts{.add = x.size()});
  } else {
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = k.add(x[i], dot(k, w.subspan(i * y.size(), y.size()), y));
  }
}

/// RMSNorm (Zhang and Sennrich 2019): x / sqrt(mean of squares + 1e-5), times a weight.
template <semantics::Scoring A>
void rms_norm(const A& k, ConstNumbers<A> weight, ConstNumbers<A> x, Numbers<A> normed) noexcept {
  if constexpr (semantics::Tallies<A>) {
    k.tally(norm_cost(x.size()));
  } else {
    const auto mean = k.div(dot(k, x, x), k.number(static_cast<double>(x.size())));
    const auto factor = k.div(k.one(), k.sqrt(k.add(mean, k.number(kNormEpsilon))));
    for (std::size_t i = 0; i < x.size(); ++i) normed[i] = k.mul(k.mul(x[i], factor), weight[i]);
  }
}

/// Rotary positions (Su et al. 2021): turns the pairs (2i, 2i + 1) of every head by position *
/// frequencies[i]. Sine and cosine are constants of the model: computed in double, then rounded to k's
/// numbers.
template <semantics::Scoring A>
void rotate(const A& k, std::span<const double> frequencies, std::size_t position,
            Numbers<A> heads) noexcept {
  if constexpr (semantics::Tallies<A>) {
    k.tally(rotation_cost(heads.size()));
  } else {
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
      const double angle = static_cast<double>(position) * frequencies[i];
      const auto cosine = k.number(std::cos(angle));
      const auto sine = k.number(std::sin(angle));
      const auto minus_sine = k.number(-std::sin(angle));
      for (std::size_t at = 2 * i; at < heads.size(); at += 2 * frequencies.size()) {
        const auto a = heads[at];
        const auto b = heads[at + 1];
        heads[at] = k.add(k.mul(a, cosine), k.mul(b, minus_sine));
        heads[at + 1] = k.add(k.mul(a, sine), k.mul(b, cosine));
      }
    }
  }
}

}  // namespace attest::attention
