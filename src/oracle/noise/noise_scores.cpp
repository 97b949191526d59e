#include "oracle/noise/noise_scores.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "oracle/bound/bound_terms.hpp"
#include "oracle/bound/score_error.hpp"

namespace attest::oracle {
namespace {

double square(double x) { return x * x; }

double largest_of(std::span<const double> values) {
  double largest = 0;
  for (const double x : values) largest = std::max(largest, std::fabs(x));
  return largest;
}

// Of the sums of the query's blocks, each with an error of its own, for keys of at most `key_max`.
double query_sum_variance(const Contract& c, const Row& row, double key_max) {
  if (c.q_blocks != QueryBlocks::q8_1) return 0;
  const double blocks = std::ceil(static_cast<double>(row.qk_dim) / 32);
  return blocks * square(query_sum_error(c.score, std::fabs(row.scale), {32, largest_of(row.q), key_max}));
}

// One key's score, stage by stage.
class Walk {
 public:
  Walk(const Contract& contract, const Row& row, std::size_t j, const Dot& dot)
      : c_(contract),
        row_(row),
        dot_(dot),
        key_(std::span(row.k).subspan(j * static_cast<std::size_t>(row.qk_dim),
                                      static_cast<std::size_t>(row.qk_dim))),
        u_(contract.score.unit_roundoff()),
        scale_(std::fabs(row.scale)),
        lost_(flushed_products(contract, row, static_cast<std::int64_t>(j))) {
    const double product = row.scale * dot.sum;
    capped_ = row.softcap == 0 ? product : row.softcap * std::tanh(product / row.softcap);
    bias_ = row.bias.empty() ? 0 : row.bias[j];
    alibi_ = row.distance.empty() ? 0 : row.slope * row.distance[j];
    // Of slope * j nothing is known but that no key lies beyond the last.
    added_ = contract.alibi_by_position && !row.distance.empty()
                 ? std::fabs(row.slope) * static_cast<double>(row.span)
                 : std::fabs(alibi_);
    noise_.score = capped_ + bias_ - alibi_;
    noise_.slope = row.softcap == 0 ? 1 : 1 - square(capped_ / row.softcap);
  }

  ScoreNoise over(const Stages& stages) {
    for (const Stage& stage : stages) take(stage);
    noise_.of_dot += square(scale_ * lost_);
    noise_.of_dot +=
        square(underflow_of(c_)) *
        (static_cast<double>(row_.qk_dim) * square(std::max(1.0, scale_)) + scale_ * dot_.key_squares);
    if (truncates(c_.score)) noise_.one_sided += cut();
    return noise_;
  }

 private:
  void take(const Stage& stage) {
    switch (stage.step) {
      case Step::cast:
        return cast(stage);
      case Step::quantise:
        noise_.of_dot += square(query_block_error(scale_, largest_of(row_.q))) * dot_.key_squares +
                         query_sum_variance(c_, row_, largest_of(key_));
        return;
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
        noise_.of_rest += square(u_) * (square(capped_) + square(bias_) + square(added_));
        return;
    }
  }

  void cast(const Stage& stage) {
    const auto error = [&](double x) { return store_error_of(*stage.to.format, x); };
    switch (stage.of) {
      case Quantity::query:
        noise_.of_dot += square(stage.to.unit_roundoff() * scale_) * dot_.squares +
                         square(std::max(1.0, scale_) * stage.to.format->min_subnormal()) * dot_.key_squares;
        return;
      case Quantity::key:
        noise_.of_dot += square(stage.to.unit_roundoff() * scale_) * dot_.squares +
                         square(std::max(1.0, scale_) * stage.to.format->min_subnormal()) * query_squares();
        return;
      case Quantity::product:
        noise_.of_dot += square(scale_ * error(dot_.sum));
        return;
      case Quantity::scaled:
        noise_.of_rest += square(error(capped_));
        return;
      case Quantity::bias:
        of_bias_ += square(error(bias_));
        return;
      case Quantity::alibi:
        of_alibi_ += square(error(added_));
        return;
      case Quantity::score:
      case Quantity::sink:
        noise_.of_rest += square(error(std::fabs(noise_.score) + moved()));
        return;
    }
  }

  double query_squares() const {
    double squares = 0;
    for (const double q : row_.q) squares += square(q);
    return squares;
  }

  bool starts_with_bias() const { return c_.bias_first && !row_.bias.empty() && row_.softcap == 0; }

  double moved() const { return c_.alibi_by_position ? added_ + std::fabs(alibi_) : 0; }

  // No partial sum of q.k is larger on average, in any order.
  double largest_partial() const { return std::sqrt(std::max(square(dot_.sum), dot_.squares)); }

  void dot() {
    const auto d = static_cast<double>(row_.qk_dim);
    // Products, and d - 1 partial sums, which no order makes larger than the sum of terms of one sign, nor,
    // on average, than the root of the squares of terms of any sign.
    double variance = square(u_ * scale_) * (dot_.squares + (d - 1) * square(largest_partial())) +
                      square(u_ * scale_ * dot_.sum);
    if (c_.scale_both) variance += 2 * square(u_ * scale_) * dot_.squares;
    noise_.of_dot += variance;
    // Every partial sum holds the bias that came first; it may be divided by the scale and multiplied again.
    if (starts_with_bias()) noise_.of_rest += square(u_ * bias_) * (d + 4) + of_bias_;
  }

  void cap() {
    const double x = scale_ * std::fabs(dot_.sum);
    const double of_tanh = row_.softcap * (c_.tanh.relative + u_) * std::min(1.0, x / row_.softcap);
    const double absolute = row_.softcap * c_.tanh.absolute;
    noise_.of_dot += 2 * square(u_ * x) + square(of_tanh) + square(absolute);
    noise_.one_sided += of_tanh + absolute;
  }

  double running() const {
    return moved() + std::max({std::fabs(capped_ + bias_), std::fabs(capped_ - alibi_),
                               std::fabs(bias_ - alibi_), std::fabs(noise_.score)});
  }

  // Each addend brings its own error, and the rounding of a sum with it.
  void add() {
    if (!row_.bias.empty() && !starts_with_bias()) noise_.of_rest += square(u_ * running()) + of_bias_;
    if (!row_.distance.empty()) noise_.of_rest += square(u_ * running()) + of_alibi_;
  }

  // What truncating every operation takes off.
  double cut() const {
    const auto d = static_cast<double>(row_.qk_dim);
    const double blocks = c_.score.order == Order::block_fma ? std::ceil(d / c_.score.width) : 0;
    double cut = u_ * scale_ * ((d + blocks) * largest_partial() + 2 * std::fabs(dot_.sum));
    if (row_.softcap != 0) cut += 3 * u_ * scale_ * std::fabs(dot_.sum);
    if (!row_.bias.empty()) cut += u_ * (running() + std::fabs(bias_));
    if (starts_with_bias()) cut += u_ * (d + blocks + 2) * std::fabs(bias_);
    if (!row_.distance.empty()) cut += u_ * (running() + 3 * added_);
    return cut;
  }

  const Contract& c_;
  const Row& row_;
  const Dot& dot_;
  std::span<const double> key_;
  double u_, scale_;
  double capped_ = 0, bias_ = 0, alibi_ = 0;
  double added_ = 0;                   // at least the magnitude of what is added for ALiBi
  double of_bias_ = 0, of_alibi_ = 0;  // of the addends
  double lost_;                        // products of inputs that are flushed
  ScoreNoise noise_;
};

// The weighted means of what a shared error multiplies.
struct Means {
  std::vector<double> key;  ///< [qk_dim]
  double capped = 0, bias = 0, alibi = 0;
};

Means means_of(const Row& row, const std::vector<ScoreNoise>& scores, const std::vector<double>& weights) {
  const auto d = static_cast<std::size_t>(row.qk_dim);
  Means means;
  means.key.assign(d, 0);
  for (std::size_t j = 0; j < scores.size(); ++j) {
    const double weight = weights[j] * scores[j].slope;
    for (std::size_t c = 0; c < d; ++c) means.key[c] += weight * row.k[j * d + c];
    const double bias = row.bias.empty() ? 0 : row.bias[j];
    const double alibi = row.distance.empty() ? 0 : row.slope * row.distance[j];
    means.capped += weights[j] * (scores[j].score - bias + alibi);
    means.bias += weights[j] * bias;
    means.alibi += weights[j] * alibi;
  }
  return means;
}

// Blocks of q8_0 share an f16 factor.
double block_factors(const Row& row, const std::vector<double>& key) {
  constexpr std::size_t kBlock = 32;
  double variance = 0;
  for (std::size_t from = 0; from < key.size(); from += kBlock) {
    double sum = 0;
    for (std::size_t c = from; c < std::min(from + kBlock, key.size()); ++c) sum += row.q[c] * key[c];
    variance += square(kBinary16.unit_roundoff() * sum);
  }
  return variance;
}

}  // namespace

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

Stages stages_of(const Contract& c, const Row& row) {
  return score_stages(c, {row.softcap != 0, !row.bias.empty(), !row.distance.empty()});
}

ScoreNoise score_noise(const Contract& c, const Stages& stages, const Row& row, std::size_t key,
                       const Dot& dot) {
  return Walk(c, row, key, dot).over(stages);
}

double shared_score_variance(const Contract& c, const Stages& stages, const Row& row,
                             const std::vector<ScoreNoise>& scores, const std::vector<double>& weights) {
  const Means means = means_of(row, scores, weights);
  const double u = c.score.unit_roundoff();
  const double alibi =
      c.alibi_by_position && !row.distance.empty() ? row.slope * static_cast<double>(row.span) : means.alibi;
  const double scale = std::fabs(row.scale);
  const double unscaled = std::max(1.0, scale);
  double products = 0;
  double keys = 0;
  for (std::size_t k = 0; k < means.key.size(); ++k) {
    products += square(row.q[k] * means.key[k]);
    keys += square(means.key[k]);
  }
  // Any kernel may multiply q by the scale, or by its root, before the product.
  double variance = square(u * scale) * products + square(underflow_of(c) * unscaled) * keys;
  for (const Stage& stage : stages) {
    if (stage.step == Step::cast && stage.of == Quantity::query) {
      variance += square(stage.to.unit_roundoff() * scale) * products +
                  square(unscaled * stage.to.format->min_subnormal()) * keys;
    }
    if (stage.step == Step::quantise) {
      variance += square(query_block_error(scale, largest_of(row.q))) * keys +
                  square(scale) * block_factors(row, means.key) +
                  query_sum_variance(c, row, largest_of(row.k));
    }
    if (stage.step == Step::convert && stage.of == Quantity::alibi) variance += square(u * alibi);
    if (stage.step == Step::to_base_two)
      variance += square(u) * (square(means.capped) + square(means.bias) + square(alibi));
  }
  return variance;
}

double store_error_of(const Format& format, double x, Rounding rounding) {
  const double size = std::fabs(x);
  const double least =
      rounding == Rounding::nearest_even ? format.min_subnormal() / 2 : format.min_subnormal();
  return std::min(size, std::max(format.unit_roundoff(rounding) * size, least));
}

}  // namespace attest::oracle
