#include "faults/signatures/row/kernel_exponents.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace attest::faults {
namespace {

using Index = std::int64_t;
constexpr double kNegInf = -HUGE_VAL;

// q.k of each visible key as a kernel has it whose sums are in Real, from the first channel to the last.
template <class Real>
struct Products {
  std::vector<Real> values;
  bool exact = true;  // no order of additions gives anything else
};

template <class Real>
Products<Real> products_in(const oracle::Row& row) {
  Products<Real> products;
  const auto width = static_cast<std::size_t>(row.qk_dim);
  for (std::size_t n = 0; n < static_cast<std::size_t>(row.keys); ++n) {
    Real total = 0;
    double largest = 0;
    double least = HUGE_VAL;
    for (std::size_t c = 0; c < width; ++c) {
      const Real x = static_cast<Real>(row.q[c]);
      const Real y = static_cast<Real>(row.k[n * width + c]);
      const Real product = x * y;
      products.exact = products.exact && std::fma(x, y, -product) == 0;
      total += product;
      largest += static_cast<double>(std::fabs(product));
      if (product == 0) continue;
      // The last bit of the product: sums of multiples of it are exact below 2^digits of them.
      int exponent = 0;
      double rest = std::frexp(static_cast<double>(std::fabs(product)), &exponent);
      int bits = 0;
      for (; rest != std::floor(rest); rest *= 2) ++bits;
      least = std::min(least, std::ldexp(1.0, exponent - bits));
    }
    if (largest > 0) {
      products.exact =
          products.exact && largest / least <= std::ldexp(1.0, std::numeric_limits<Real>::digits);
    }
    products.values.push_back(total);
  }
  return products;
}

// The kernel leaves the scale to the exponent where there is nothing else in a score.
bool scale_in_exponent(const Problem& p) {
  return p.softcap == 0 && !p.bias && !p.alibi_slopes && p.scale > 0;
}

// What is known of weights whose largest is 2^e.
enum class Range { plain, near_the_end, overflow, underflow };
Range range_of(double e, bool wide) {
  const double most = wide ? 1024 : 128;
  const double least = wide ? -1075 : -150;
  constexpr double kMargin = 40;  // sums of many weights, and values that are large themselves
  if (e > most) return Range::overflow;
  if (e < least) return Range::underflow;
  return e > most - kMargin || e < least + kMargin ? Range::near_the_end : Range::plain;
}

template <class Real>
std::optional<FaultyRow> rounded_maximum(const RowPlace& at) {
  const KeyRow& seen = at.row();
  const auto constant = static_cast<Real>(at.p.scale * std::numbers::log2e);
  const Products<Real> products = products_in<Real>(seen.row);
  Range whole = Range::plain;
  Real highest = static_cast<Real>(kNegInf);
  for (std::size_t n = 0; n < seen.size();) {
    const Index tile = at.tile_of(seen.keys[n]);
    Real before = highest;
    for (; n < seen.size() && at.tile_of(seen.keys[n]) == tile; ++n)
      highest = std::max(highest, products.values[n]);
    if (highest == before) continue;
    // Exact: what rounding takes from a product has no more bits than its factors.
    const Real product = highest * constant;
    const Real left = std::fma(highest, constant, -product);
    Range here = range_of(static_cast<double>(left), at.wide());
    // Where the products are not known to their last bit, all that may be left is.
    const Real most = std::fabs(product) * std::numeric_limits<Real>::epsilon();
    const bool may_matter = range_of(static_cast<double>(most), at.wide()) != Range::plain;
    if (!std::isfinite(product) || (!products.exact && may_matter)) here = Range::near_the_end;
    if (whole == Range::overflow) continue;
    // Weights that vanished are found again where a later tile has a maximum of its own.
    whole = here == Range::overflow || whole != Range::near_the_end ? here : whole;
  }
  if (whole == Range::plain) return std::nullopt;
  FaultyRow made = whole == Range::overflow ? all_nan(at) : attention_on(at.row({}));
  made.certain = products.exact && whole != Range::near_the_end && !seen.row.sink;
  made.lse_known = whole != Range::overflow;
  return made;
}

// The range of the denominator of a kernel whose state is multiplied by exp(from scale - round(to scale)) at
// each key, `to` the maximum so far. What overflows once stays infinite, or becomes NaN.
template <class Real>
Range range_of_rescales(const std::vector<Real>& products, Real scale, bool wide) {
  constexpr double kLog2E = std::numbers::log2e;
  Range whole = Range::plain;
  Real highest = products.front();
  double log_sum = 0;  // in nats, relative to the maximum's weight
  for (std::size_t n = 1; n < products.size(); ++n) {
    const Real to = std::max(highest, products[n]);
    if (!std::isfinite(to * scale)) return Range::near_the_end;
    const auto factor = static_cast<double>(std::fma(highest, scale, -(to * scale)));
    const Range alone = range_of(factor * kLog2E, wide);
    const Range sum = range_of((log_sum + factor) * kLog2E, wide);
    if (alone == Range::overflow || sum == Range::overflow) return Range::overflow;
    if (alone == Range::near_the_end || sum == Range::near_the_end) whole = Range::near_the_end;
    const auto weight = static_cast<double>(products[n] * scale - to * scale);
    const double larger = std::max(log_sum + factor, weight);
    log_sum = larger + std::log(std::exp(log_sum + factor - larger) + std::exp(weight - larger));
    highest = to;
  }
  return whole;
}

template <class Real>
std::optional<FaultyRow> contracted_rescale(const RowPlace& at) {
  KeyRow made = at.row();
  const Products<Real> products = products_in<Real>(made.row);
  const auto scale = static_cast<Real>(at.p.scale);
  if (scale == 1 || made.size() < 2) return std::nullopt;
  const Range range = range_of_rescales(products.values, scale, at.wide());
  if (range == Range::overflow) {
    FaultyRow nan = all_nan(at);
    nan.certain = products.exact;
    nan.lse_known = false;
    return nan;
  }
  // What the product with the scale lost, in nats: of each score, and by step of the maximum.
  const auto lost = [&](Real product) {
    return static_cast<long double>(std::fma(product, scale, -(product * scale)));
  };
  std::vector<long double> by_step;
  Real highest = products.values.front();
  for (const Real product : products.values) {
    highest = std::max(highest, product);
    by_step.push_back(lost(highest));
  }
  long double later = 0;
  for (std::size_t n = made.size(); n-- > 0;) {
    if (n + 1 < made.size()) later += by_step[n];
    const long double shift = later - lost(products.values[n]);
    if (shift != 0) made.shift_score(n, shift);
  }
  FaultyRow faulty = attention_on(std::move(made));
  faulty.certain = products.exact && range == Range::plain;
  return faulty;
}

// Of one row, by key tile; -inf where it sees none of the tile's keys.
std::vector<double> tile_maxima(const RowPlace& at) {
  const SeenRows::Scores& seen = at.rows.scores(at.b, at.h, at.i);
  std::vector<double> highest(static_cast<std::size_t>(at.tiles()), kNegInf);
  for (std::size_t n = 0; n < seen.keys.size(); ++n) {
    double& of_tile = highest[static_cast<std::size_t>(at.tile_of(seen.keys[n]))];
    of_tile = std::max(of_tile, static_cast<double>(seen.scores[n]));
  }
  return highest;
}

double spread_of(const std::vector<double>& maxima) {
  double least = HUGE_VAL;
  double most = kNegInf;
  for (const double m : maxima) {
    if (m != kNegInf) least = std::min(least, m);
    most = std::max(most, m);
  }
  return most - least;
}

// How far a row's reference is ever lowered at once, and how far it is ever below the row's maximum.
struct Lowered {
  double at_once = 0, in_all = 0;
};

Lowered lowered_reference(const std::vector<std::vector<double>>& maxima, std::size_t row) {
  constexpr double kLag = 8;
  std::vector<double> reference(maxima.size(), kNegInf);
  double highest = kNegInf;
  Lowered lowered;
  for (std::size_t t = 0; t < maxima.front().size(); ++t) {
    bool rises = false;
    for (std::size_t r = 0; r < maxima.size(); ++r) rises = rises || maxima[r][t] > reference[r] + kLag;
    const double before = reference[row];
    for (std::size_t r = 0; rises && r < maxima.size(); ++r) {
      if (maxima[r][t] != kNegInf) reference[r] = maxima[r][t];
    }
    if (reference[row] == kNegInf) continue;
    highest = std::max(highest, maxima[row][t]);
    if (before != kNegInf) lowered.at_once = std::max(lowered.at_once, before - reference[row]);
    lowered.in_all = std::max(lowered.in_all, highest - reference[row]);
  }
  return lowered;
}

}  // namespace

std::optional<FaultyRow> with_rounded_maximum(const RowPlace& at) {
  if (!scale_in_exponent(at.p)) return std::nullopt;
  return at.wide() ? rounded_maximum<double>(at) : rounded_maximum<float>(at);
}

std::optional<FaultyRow> with_contracted_rescale(const RowPlace& at) {
  if (!scale_in_exponent(at.p)) return std::nullopt;
  return at.wide() ? contracted_rescale<double>(at) : contracted_rescale<float>(at);
}

std::optional<FaultyRow> with_shared_references(const RowPlace& at) {
  const double overflow = at.wide() ? 709.8 : 88.8;  // exponents from which on an exponential is infinite
  const double matters = overflow - 20;              // sums of many weights, and large values
  if (spread_of(tile_maxima(at)) < matters) return std::nullopt;
  std::vector<std::vector<double>> maxima;
  const Index first = at.i - at.i % at.tile;
  for (Index i = first; i < std::min(first + at.tile, at.p.q_len()); ++i) {
    RowPlace row = {at.p, at.b, at.h, i, at.n, oracle::position_of(at.p, at.b, i), at.tile, at.rows};
    maxima.push_back(tile_maxima(row));
  }
  const Lowered lowered = lowered_reference(maxima, static_cast<std::size_t>(at.i - first));
  if (lowered.in_all < matters) return std::nullopt;
  FaultyRow made = all_nan(at);
  made.lse_known = false;
  made.certain = lowered.at_once > overflow + 0.1;
  return made;
}

}  // namespace attest::faults
