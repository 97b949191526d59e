#include "oracle/noise/noise_keys.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "numerics/random_value.hpp"
#include "oracle/noise/noise_fields.hpp"
#include "oracle/noise/noise_scores.hpp"

namespace attest::oracle {
namespace {

double square(double x) { return x * x; }

std::uint64_t bits_of(double x) { return std::bit_cast<std::uint64_t>(x); }

// The significand cut to the format's precision: numbers of one cell round to the same number.
std::uint64_t cell_of(const Format& format, double x) { return bits_of(round_to(format, x)); }

void add_sink(const Contract& c, double sink, NoiseKeys& keys) {
  const double u = c.score.unit_roundoff();
  double of_weight = 0;
  double of_score = 0;
  for (const Stage& stage : sink_stages(c)) {
    if (stage.step == Step::convert) of_weight += square(u * sink);
    if (stage.step == Step::to_base_two) of_score = 2 * u * std::fabs(sink);
    if (stage.step == Step::cast) of_weight += square(store_error_of(*stage.to.format, sink));
  }
  keys.product.push_back(0);
  keys.score.push_back(sink);
  keys.dot_error.push_back(of_score);
  keys.weight_error.push_back(of_weight);
  keys.one_sided.push_back(truncates(c.score) ? 3 * u * std::fabs(sink) : 0);
}

std::vector<ScoreNoise> set_scores(const Contract& c, const Stages& stages, const Row& row, NoiseKeys& keys) {
  std::vector<ScoreNoise> scores;
  std::vector<std::uint64_t> names;
  for (std::size_t j = 0; j < static_cast<std::size_t>(row.keys); ++j) {
    const Dot dot = dot_of(row, j);
    const ScoreNoise noise = score_noise(c, stages, row, j, dot);
    keys.product.push_back(row.scale * dot.sum);
    keys.score.push_back(noise.score);
    keys.dot_error.push_back(std::sqrt(noise.of_dot));
    keys.weight_error.push_back(noise.of_rest);
    keys.one_sided.push_back(noise.one_sided);
    names.push_back(mixed(bits_of(dot.sum) ^ mixed(bits_of(dot.squares))));
    scores.push_back(noise);
  }
  if (row.sink) {
    add_sink(c, *row.sink, keys);
    names.push_back(mixed(0x73696e6b));
  }
  keys.n = keys.score.size();
  keys.alike_keys = alike(names);
  return scores;
}

// Rescales that each key meets in an order: keys after it whose score exceeds all before them.
template <class Keys>
std::vector<double> rises_after(const Keys& order, const std::vector<double>& score) {
  std::vector<double> after(score.size());
  std::vector<bool> rises(score.size());
  double so_far = -HUGE_VAL;
  for (const std::size_t j : order) {
    rises[j] = so_far > -HUGE_VAL && score[j] > so_far;
    so_far = std::max(so_far, score[j]);
  }
  double count = 0;
  for (auto j = order.rbegin(); j != order.rend(); ++j) {
    after[*j] = count;
    if (rises[*j]) ++count;
  }
  return after;
}

void set_rises(NoiseKeys& keys) {
  double so_far = keys.score.front();
  for (std::size_t j = 1; j < keys.n; ++j) {
    if (keys.score[j] > so_far) keys.rises.push_back(j);
    so_far = std::max(so_far, keys.score[j]);
  }
  std::vector<std::size_t> order(keys.n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  keys.later_rises = rises_after(order, keys.score);
  std::reverse(order.begin(), order.end());
  const std::vector<double> backwards = rises_after(order, keys.score);
  for (std::size_t j = 0; j < keys.n; ++j) keys.later_rises[j] = std::max(keys.later_rises[j], backwards[j]);
}

// Completes weight_error (variances so far, then deviations) by the shift, and sets what concerns weights.
void set_weights(const Contract& c, NoiseKeys& keys) {
  const double u = c.score.unit_roundoff();
  const double omega = c.score.format.min_normal();
  std::vector<std::uint64_t> weight_names, store_names;
  for (std::size_t j = 0; j < keys.n; ++j) {
    const double gap = keys.largest - keys.score[j] + keys.lag + keys.above;
    const double w = keys.weight[j];
    const double computed = w * std::exp(-keys.above);
    const double magnitude = std::fabs(keys.score[j]) + keys.moved;
    if (truncates(c.score)) {
      keys.one_sided[j] += u * gap * (c.folded_log2e ? 2 : 1);
      if (c.rounded_shift)
        keys.one_sided[j] += u * (std::fabs(keys.largest) + keys.moved + keys.above + magnitude);
    }
    double variance = keys.weight_error[j] + square(u * gap);
    if (c.folded_log2e) variance += square(u * gap);
    if (c.rounded_shift) variance += square(u * magnitude);
    if (truncates(c.score)) variance += square(keys.one_sided[j]);
    keys.weight_error[j] = std::sqrt(variance);
    const double p = c.unfused ? w / keys.sum : computed;
    keys.store_error.push_back(c.probability && p > 0 ? probability_error(c, p) : 0);
    keys.exp_error.push_back(exponential_error(c, keys, w));
    keys.flushed.push_back(computed < omega);
    weight_names.push_back(cell_of(c.score.format, w));
    store_names.push_back(c.probability ? cell_of(*c.probability.format, c.probability_scale * p) : j);
  }
  keys.alike_weights = alike(weight_names);
  keys.alike_stores = alike(store_names);
}

}  // namespace

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
  const Stages stages = stages_of(c, row);
  const std::vector<ScoreNoise> scores = set_scores(c, stages, row, keys);
  keys.largest = *std::max_element(keys.score.begin(), keys.score.end());
  keys.sum = 0;
  for (const double s : keys.score) keys.weight.push_back(std::exp(s - keys.largest));
  for (const double w : keys.weight) keys.sum += w;
  keys.lag = c.tau;
  if (row.sink && !c.sink_in_max && row.keys > 0) {
    const auto last = keys.score.end() - 1;
    keys.lag += std::max(0.0, *last - *std::max_element(keys.score.begin(), last));
  }
  for (const double w : keys.weight) keys.probability.push_back(w / keys.sum);
  keys.later_rises.assign(keys.n, 0);
  if (!c.unfused) set_rises(keys);
  // A rounded scale, and log2(e) folded into it; sqrt(scale) on both sides is squared.
  keys.constant_error = c.score.unit_roundoff() * (c.scale_both || c.folded_log2e ? 2 : 1);
  keys.shared_variance = shared_score_variance(c, stages, row, scores, keys.probability);
  set_shift(c, row, keys);
  set_weights(c, keys);
  return keys;
}

}  // namespace attest::oracle
