#include "oracle/noise/noise_keys.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "numerics/random_value.hpp"
#include "oracle/bound/bound_terms.hpp"
#include "oracle/bound/score_error.hpp"
#include "oracle/contract/stages.hpp"
#include "oracle/noise/noise_fields.hpp"

namespace attest::oracle {
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

// The variance of one key's score, stage by stage: what q.k causes, alike for equal keys, and the rest.
class Walk {
 public:
  Walk(const Contract& contract, const Row& row, std::size_t j, const Dot& dot)
      : c_(contract),
        row_(row),
        dot_(dot),
        u_(contract.score.unit_roundoff()),
        scale_(std::fabs(row.scale)),
        lost_(flushed_products(contract, row, static_cast<std::int64_t>(j))) {
    const double product = row.scale * dot.sum;
    capped_ = row.softcap == 0 ? product : row.softcap * std::tanh(product / row.softcap);
    bias_ = row.bias.empty() ? 0 : row.bias[j];
    alibi_ = row.distance.empty() ? 0 : row.slope * row.distance[j];
    // Of slope * j nothing is known but that no key lies beyond the last.
    if (contract.alibi_by_position)
      added_ = std::fabs(row.slope) * static_cast<double>(row.span);
    else
      added_ = std::fabs(alibi_);
  }

  void over(const Stages& stages) {
    for (const Stage& stage : stages) take(stage);
    of_dot_ += square(scale_ * lost_);
    of_dot_ += square(underflow_of(c_)) *
               (static_cast<double>(row_.qk_dim) * square(std::max(1.0, scale_)) + scale_ * dot_.key_squares);
  }

  double score() const { return capped_ + bias_ - alibi_; }
  double of_dot() const { return of_dot_; }
  double of_rest() const { return of_rest_; }

 private:
  void take(const Stage& stage) {
    switch (stage.step) {
      case Step::cast:
        return cast(stage);
      case Step::quantise:
        return quantise();
      case Step::dot:
        return dot();
      case Step::scale:
        return;  // counted with q.k
      case Step::cap:
        return cap();
      case Step::convert:
        if (stage.of == Quantity::bias) of_bias_ += square(u_ * bias_);
        if (stage.of == Quantity::alibi) of_alibi_ += 2 * square(u_ * added_);  // slope and distance
        return;
      case Step::multiply:
        of_alibi_ += square(u_ * added_);
        return;
      case Step::add:
        return add();
      case Step::to_base_two:
        of_rest_ += square(u_) * (square(capped_) + square(bias_) + square(added_));
        return;
    }
  }

  void cast(const Stage& stage) {
    const auto error = [&](double x) { return store_error_of(*stage.to.format, x); };
    switch (stage.of) {
      case Quantity::query:
        of_dot_ += square(stage.to.unit_roundoff() * scale_) * dot_.squares +
                   square(std::max(1.0, scale_) * stage.to.format->min_subnormal()) * dot_.key_squares;
        return;
      case Quantity::key: {
        double query_squares = 0;
        for (const double q : row_.q) query_squares += q * q;
        of_dot_ += square(stage.to.unit_roundoff() * scale_) * dot_.squares +
                   square(std::max(1.0, scale_) * stage.to.format->min_subnormal()) * query_squares;
        return;
      }
      case Quantity::product:
        of_dot_ += square(scale_ * error(dot_.sum));
        return;
      case Quantity::scaled:
        of_rest_ += square(error(capped_));
        return;
      case Quantity::bias:
        of_bias_ += square(error(bias_));
        return;
      case Quantity::alibi:
        of_alibi_ += square(error(added_));
        return;
      case Quantity::score:
      case Quantity::sink:
        of_rest_ += square(error(std::fabs(score()) + moved()));
        return;
    }
  }

  bool starts_with_bias() const { return c_.bias_first && !row_.bias.empty() && row_.softcap == 0; }

  void quantise() {
    double largest = 0;
    for (const double q : row_.q) largest = std::max(largest, std::fabs(q));
    of_dot_ += square(query_block_error(scale_, largest)) * dot_.key_squares;
  }

  void dot() {
    const auto d = static_cast<double>(row_.qk_dim);
    // Products, and d - 1 partial sums, which no order makes larger than the sum of terms of one sign, nor,
    // on average, than the root of the squares of terms of any sign.
    double variance =
        square(u_ * scale_) * (dot_.squares + (d - 1) * std::max(square(dot_.sum), dot_.squares)) +
        square(u_ * scale_ * dot_.sum);
    if (c_.scale_both) variance += 2 * square(u_ * scale_) * dot_.squares;
    of_dot_ += variance;
    // Every partial sum holds the bias that came first; it may be divided by the scale and multiplied again.
    if (starts_with_bias()) of_rest_ += square(u_ * bias_) * (d + 4) + of_bias_;
  }

  void cap() {
    const double x = scale_ * std::fabs(dot_.sum);
    of_dot_ += 2 * square(u_ * x) +
               square(row_.softcap * (c_.tanh.relative + u_) * std::min(1.0, x / row_.softcap)) +
               square(row_.softcap * c_.tanh.absolute);
  }

  double moved() const { return c_.alibi_by_position ? added_ + std::fabs(alibi_) : 0; }

  // Each addend brings its own error, and the rounding of a sum with it.
  void add() {
    const double running = moved() + std::max({std::fabs(capped_ + bias_), std::fabs(capped_ - alibi_),
                                               std::fabs(bias_ - alibi_), std::fabs(score())});
    if (!row_.bias.empty() && !starts_with_bias()) of_rest_ += square(u_ * running) + of_bias_;
    if (!row_.distance.empty()) of_rest_ += square(u_ * running) + of_alibi_;
  }

  const Contract& c_;
  const Row& row_;
  const Dot& dot_;
  double u_, scale_;
  double capped_ = 0, bias_ = 0, alibi_ = 0;
  double added_ = 0;  // at least the magnitude of what is added for ALiBi
  double of_dot_ = 0, of_rest_ = 0;
  double of_bias_ = 0, of_alibi_ = 0;  // of the addends
  double lost_;                        // products of inputs that are flushed
};

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
}

void set_scores(const Contract& c, const Row& row, NoiseKeys& keys, std::vector<std::uint64_t>& key_names) {
  const Stages stages = score_stages(c, {row.softcap != 0, !row.bias.empty(), !row.distance.empty()});
  for (std::size_t j = 0; j < static_cast<std::size_t>(row.keys); ++j) {
    const Dot dot = dot_of(row, j);
    Walk walk(c, row, j, dot);
    walk.over(stages);
    keys.product.push_back(row.scale * dot.sum);
    keys.score.push_back(walk.score());
    keys.dot_error.push_back(std::sqrt(walk.of_dot()));
    keys.weight_error.push_back(walk.of_rest());
    key_names.push_back(mixed(bits_of(dot.sum) ^ mixed(bits_of(dot.squares))));
  }
  if (!row.sink) return;
  add_sink(c, *row.sink, keys);
  key_names.push_back(mixed(0x73696e6b));
}

// Completes weight_error (variances so far, then deviations) by the shift, and sets what concerns weights.
void set_weights(const Contract& c, NoiseKeys& keys) {
  const double u = c.score.unit_roundoff();
  const double omega = c.score.format.min_normal();
  std::vector<std::uint64_t> weight_names, store_names;
  for (std::size_t j = 0; j < keys.n; ++j) {
    const double gap = keys.largest - keys.score[j] + c.tau + keys.above;
    const double w = std::exp(-(keys.largest - keys.score[j]));
    const double computed = w * std::exp(-keys.above);
    double variance = keys.weight_error[j] + square(u * gap);
    if (c.folded_log2e) variance += square(u * gap);
    const double moved = keys.moved + keys.above;
    if (c.rounded_shift) {
      variance +=
          square(u * (std::fabs(keys.largest) + moved)) + square(u * (std::fabs(keys.score[j]) + keys.moved));
    }
    keys.weight_error[j] = std::sqrt(variance);
    const double p = c.unfused ? w / keys.sum : w;
    keys.store_error.push_back(c.probability && p > 0 ? probability_error(c, p) : 0);
    keys.exp_error.push_back(std::min(1.0, c.exp.relative + (w > 0 ? c.exp.absolute / computed : 0)));
    keys.flushed.push_back(computed < omega);
    weight_names.push_back(cell_of(c.score.format, w));
    store_names.push_back(c.probability ? cell_of(*c.probability.format, c.probability_scale * p) : j);
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
  set_shift(c, row, keys);
  set_weights(c, keys);
  return keys;
}

}  // namespace attest::oracle
