#include "faults/signatures/row/faulty_scores.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "faults/signatures/row/seen_keys.hpp"
#include "numerics/format.hpp"

namespace attest::faults {
namespace {

using Keys = std::vector<std::int64_t>;

// Exponents below which an exponential is 0, and above which nothing of it is lost in a sum.
struct Underflow {
  double gone, whole;
};
Underflow underflow_of(bool wide) { return wide ? Underflow{-745.2, -700} : Underflow{-103.98, -80}; }

// The least of the channels' largest values, at most 1; channels of zeros do not count.
double least_channel(const oracle::Row& row) {
  double least = 1;
  const auto width = static_cast<std::size_t>(row.v_dim);
  for (std::size_t c = 0; c < width; ++c) {
    double largest = 0;
    for (std::size_t at = c; at < row.v.size(); at += width)
      largest = std::max(largest, std::fabs(row.v[at]));
    if (largest > 0) least = std::min(least, largest);
  }
  return least;
}

}  // namespace

std::optional<FaultyRow> with_initial_maximum(const RowPlace& at, double initial) {
  const KeyRow& seen = at.row();
  if (seen.size() == 0) return std::nullopt;
  const std::vector<long double>& scores = at.scores();
  const auto highest = static_cast<double>(*std::max_element(scores.begin(), scores.end()) -
                                           static_cast<long double>(initial));
  const Underflow limits = underflow_of(at.wide());
  if (highest >= limits.whole) {
    if (highest + std::log(least_channel(seen.row)) >= limits.whole) return std::nullopt;
    FaultyRow made = attention_on(seen);
    made.certain = false;
    return made;
  }
  FaultyRow made = attention_on(at.row(Keys{}));
  made.certain = highest < limits.gone;
  // The sink is relative to the same maximum where it is lower than that.
  if (!made.row.sink || *made.row.sink - initial >= limits.whole) {
    made.lse_known = !made.row.sink || *made.row.sink >= initial;
    return made;
  }
  made.certain = made.certain && *made.row.sink - initial < limits.gone;
  made.row.sink.reset();
  return made;
}

std::optional<FaultyRow> with_no_scores(const RowPlace& at) {
  KeyRow made = at.row();
  if (made.size() == 0 && !made.row.sink) return std::nullopt;
  made.row.scale = made.row.softcap = made.row.slope = 0;
  made.row.bias.clear();
  made.row.distance.clear();
  made.row.sink.reset();
  return attention_on(std::move(made));
}

// A product beyond f16 is infinite: the score hides its key, or the row is NaN, unless softcap makes it
// finite.
std::optional<FaultyRow> with_rounded_products(const RowPlace& at) {
  const KeyRow& seen = at.row();
  const std::vector<long double> products = products_of(seen.row);
  std::vector<long double> shifts;
  Keys kept;
  for (std::size_t n = 0; n < products.size(); ++n) {
    const double rounded = representable(DType::f16, static_cast<double>(products[n]));
    const long double score = capped(seen.row, static_cast<long double>(rounded));
    if (score == -HUGE_VALL) continue;
    if (!std::isfinite(score)) return all_nan(at);
    kept.push_back(seen.keys[n]);
    shifts.push_back(score - capped(seen.row, products[n]));
  }
  KeyRow made = at.row(std::move(kept));
  for (std::size_t n = 0; n < shifts.size(); ++n) made.shift_score(n, shifts[n]);
  return attention_on(std::move(made));
}

std::optional<FaultyRow> with_softcap_after_bias(const RowPlace& at) {
  KeyRow made = at.row();
  if (made.row.softcap == 0 || made.row.bias.empty()) return std::nullopt;
  const std::vector<long double> products = products_of(made.row);
  const auto cap = static_cast<long double>(made.row.softcap);
  for (std::size_t n = 0; n < products.size(); ++n) {
    const auto bias = static_cast<long double>(made.row.bias[n]);
    const long double sum = static_cast<long double>(made.row.scale) * products[n] + bias;
    made.shift_score(n, cap * std::tanh(sum / cap) - (capped(made.row, products[n]) + bias));
  }
  return attention_on(std::move(made));
}

// Where no key is seen the lse is the sink alone, and how a kernel rounds the product shows.
std::optional<FaultyRow> with_scaled_sink(const RowPlace& at, long double factor) {
  KeyRow made = at.row();
  if (!made.row.sink || *made.row.sink == 0 || factor == 1) return std::nullopt;
  made.set_sink(static_cast<long double>(*made.row.sink) * factor);
  FaultyRow faulty = attention_on(std::move(made));
  faulty.lse_known = faulty.row.keys > 0;
  return faulty;
}

std::optional<FaultyRow> with_sink_of_empty_split(const RowPlace& at) {
  KeyRow made = at.row();
  if (!made.row.sink) return std::nullopt;
  if (made.size() == 0) {
    made.row.sink.reset();
    return attention_on(std::move(made));
  }
  if (!splits_seen(at).first_empty) return std::nullopt;
  made.set_sink(static_cast<long double>(*made.row.sink) + std::numbers::ln2_v<long double>);
  return attention_on(std::move(made));
}

}  // namespace attest::faults
