#include "oracle/noise/noise_keys.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "numerics/random_value.hpp"
#include "oracle/bound/bound_terms.hpp"
#include "oracle/bound/score_error.hpp"

namespace attest {
namespace {

double square(double x) { return x * x; }

std::uint64_t bits_of(double x) { return std::bit_cast<std::uint64_t>(x); }

// What q.k of one key is made of.
struct Dot {
  double sum = 0, squares = 0, key_squares = 0;
};

Dot dot_of(const Row& row, std::size_t j) {
  const auto d = static_cast<std::size_t>(row.qk_dim);
  const double* key = row.k.data() + j * d;
  Dot dot;
  for (std::size_t c = 0; c < d; ++c) {
    const double term = row.q[c] * key[c];
    dot.sum += term;
    dot.squares += term * term;
    dot.key_squares += key[c] * key[c];
  }
  return dot;
}

double stored(const std::optional<Format>& format, double x) {
  return format ? store_error_of(*format, x) : 0;
}

// The variance of scale * q.k, softcap included.
double dot_variance(const Contract& c, const Row& row, const Dot& dot) {
  const double u = c.score.unit_roundoff();
  const double scale = std::fabs(row.scale);
  const auto d = static_cast<double>(row.qk_dim);
  // Products, and d - 1 partial sums, which no order makes larger than the sum of terms of one sign, nor, on
  // average, than the root of the squares of terms of any sign.
  double variance = square(u * scale) * (dot.squares + (d - 1) * std::max(square(dot.sum), dot.squares)) +
                    square(u * scale * dot.sum);
  if (c.scale_both) variance += 2 * square(u * scale) * dot.squares;
  if (c.q_conversion) {
    variance += square(c.q_conversion->unit_roundoff() * scale) * dot.squares +
                square(std::max(1.0, scale) * c.q_conversion->min_subnormal()) * dot.key_squares;
  }
  if (c.q_blocks) {
    double largest = 0;
    for (const double q : row.q) largest = std::max(largest, std::fabs(q));
    variance += square(query_block_error(scale, largest)) * dot.key_squares;
  }
  variance += square(scale * stored(c.store_product, dot.sum));
  if (row.softcap != 0) {
    const double x = scale * std::fabs(dot.sum);
    variance += 2 * square(u * x) + square(row.softcap * (c.tanh_rel + u) * std::min(1.0, x / row.softcap)) +
                square(row.softcap * c.tanh_abs);
  }
  return variance + square(underflow_of(c)) * (d * square(std::max(1.0, scale)) + scale * dot.key_squares);
}

// The variance of what follows the scaled product: bias, ALiBi, stores.
double added_variance(const Contract& c, const Row& row, double capped, double bias, double alibi) {
  const double u = c.score.unit_roundoff();
  const bool narrow = c.score.format.precision < kBinary32.precision;
  const double running = std::max({std::fabs(capped + bias), std::fabs(capped - alibi),
                                   std::fabs(bias - alibi), std::fabs(capped + bias - alibi)});
  double variance = square(stored(c.store_scaled, capped));
  if (!row.bias.empty()) variance += square(u * running) + (narrow ? square(u * bias) : 0);
  if (!row.distance.empty()) variance += square(u * running) + (narrow ? 3 : 1) * square(u * alibi);
  variance += square(stored(c.store_biased, capped + bias - alibi));
  if (c.folded_log2e && (!row.bias.empty() || !row.distance.empty() || row.softcap != 0)) {
    variance += square(u) * (square(capped) + square(bias) + square(alibi));
  }
  return variance;
}

// The significand cut to the format's precision: numbers of one cell round to the same number.
std::uint64_t cell_of(const Format& format, double x) { return bits_of(round_to(format, x)); }

void set_scores(const Contract& c, const Row& row, NoiseKeys& keys, std::vector<std::uint64_t>& key_names) {
  for (std::size_t j = 0; j < static_cast<std::size_t>(row.keys); ++j) {
    const Dot dot = dot_of(row, j);
    const double product = row.scale * dot.sum;
    const double capped = row.softcap == 0 ? product : row.softcap * std::tanh(product / row.softcap);
    const double bias = row.bias.empty() ? 0 : row.bias[j];
    const double alibi = row.distance.empty() ? 0 : row.slope * row.distance[j];
    keys.product.push_back(product);
    keys.score.push_back(capped + bias - alibi);
    keys.dot_error.push_back(std::sqrt(dot_variance(c, row, dot)));
    keys.weight_error.push_back(added_variance(c, row, capped, bias, alibi));
    key_names.push_back(mixed(bits_of(dot.sum) ^ mixed(bits_of(dot.squares))));
  }
  if (!row.sink) return;
  const double u = c.score.unit_roundoff();
  keys.product.push_back(0);
  keys.score.push_back(*row.sink);
  keys.dot_error.push_back((c.folded_log2e ? 2 : 0) * u * std::fabs(*row.sink));
  keys.weight_error.push_back(square(stored(c.store_biased, *row.sink)));
  key_names.push_back(mixed(0x73696e6b));
}

// Completes weight_error (variances so far, then deviations) by the shift, and sets what concerns weights.
void set_weights(const Contract& c, NoiseKeys& keys) {
  const double u = c.score.unit_roundoff();
  const double omega = c.score.format.min_normal();
  std::vector<std::uint64_t> weight_names, store_names;
  for (std::size_t j = 0; j < keys.n; ++j) {
    const double gap = keys.largest - keys.score[j] + c.tau;
    const double w = std::exp(-(keys.largest - keys.score[j]));
    double variance = keys.weight_error[j] + square(u * gap);
    if (c.folded_log2e) variance += square(u * gap);
    if (c.rounded_shift) variance += square(u * keys.largest) + square(u * keys.score[j]);
    keys.weight_error[j] = std::sqrt(variance);
    const double p = c.unfused ? w / keys.sum : w;
    keys.store_error.push_back(c.probability && p > 0 ? store_error_of(*c.probability, p) / p : 0);
    keys.exp_error.push_back(std::min(1.0, c.exp_rel + (w > 0 ? c.exp_abs / w : 0)));
    keys.flushed.push_back(w < omega);
    weight_names.push_back(cell_of(c.score.format, w));
    store_names.push_back(c.probability ? cell_of(*c.probability, p) : j);
  }
  keys.alike_weights = alike(weight_names);
  keys.alike_stores = alike(store_names);
}

}  // namespace

double store_error_of(const Format& format, double x) {
  const double size = std::fabs(x);
  return std::min(size, std::max(format.unit_roundoff() * size, format.min_subnormal() / 2));
}

Alike alike(const std::vector<std::uint64_t>& numbers) {
  std::vector<std::uint32_t> order(numbers.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return numbers[a] < numbers[b]; });
  Alike result;
  result.group.resize(numbers.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    if (k == 0 || numbers[order[k]] != numbers[order[k - 1]]) ++result.groups;
    result.group[order[k]] = static_cast<std::uint32_t>(result.groups - 1);
  }
  return result;
}

NoiseKeys noise_keys(const Contract& c, const Row& row) {
  NoiseKeys keys;
  std::vector<std::uint64_t> key_names;
  set_scores(c, row, keys, key_names);
  keys.n = keys.score.size();
  keys.alike_keys = alike(key_names);
  keys.largest = *std::max_element(keys.score.begin(), keys.score.end());
  keys.sum = 0;
  for (const double s : keys.score) keys.sum += std::exp(s - keys.largest);
  double so_far = -HUGE_VAL;
  for (std::size_t j = 0; j < keys.n; ++j) {
    keys.probability.push_back(std::exp(keys.score[j] - keys.largest) / keys.sum);
    if (keys.score[j] > so_far && j > 0 && !c.unfused) keys.rises.push_back(j);
    so_far = std::max(so_far, keys.score[j]);
  }
  // A rounded scale, and log2(e) folded into it; sqrt(scale) on both sides is squared.
  keys.constant_error = c.score.unit_roundoff() * (c.scale_both || c.folded_log2e ? 2 : 1);
  set_weights(c, keys);
  return keys;
}

}  // namespace attest
