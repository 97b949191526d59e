#include "oracle/noise/noise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "oracle/bound/bound_terms.hpp"
#include "oracle/noise/noise_keys.hpp"
#include "oracle/noise/noise_leans.hpp"
#include "oracle/noise/noise_losses.hpp"
#include "oracle/noise/noise_scores.hpp"
#include "oracle/noise/noise_sums.hpp"

namespace attest::oracle {
namespace {

double square(double x) { return x * x; }

// One contract's noise of one row.
class Model {
 public:
  Model(const Contract& contract, const Row& row, DType out, DType lse)
      : c_(contract),
        row_(row),
        keys_(noise_keys(contract, row)),
        leans_(leans_of(contract, keys_, row.sink.has_value())),
        out_(format_of(out)),
        lse_(format_of(lse)),
        u_(c_.score.unit_roundoff()),
        u_n_(c_.numerator.unit_roundoff()),
        u_d_(c_.denominator.unit_roundoff()),
        terms_(bound_terms(c_, scope())),
        losses_(c_, row, keys_, terms_, out),
        by_key_(keys_.alike_keys),
        by_weight_(keys_.alike_weights),
        by_store_(keys_.alike_stores),
        numerator_sum_(u_n_, depth(c_.numerator, terms_.h_n), keys_.n, !keys_.alike_weights.all_apart()) {
    NoisySum sum(u_d_, depth(c_.denominator, terms_.h_n), keys_.n, true);
    denominator_ = sum.of(keys_.probability, 1);
    for (std::size_t j = 0; j < keys_.n; ++j)
      if (keys_.flushed[j]) denominator_.offset += keys_.probability[j];
    if (truncates(c_.denominator)) denominator_.offset += terms_.h_n * u_d_;
    for (const double score : {keys_.score.front(), keys_.score.back(), keys_.largest})
      shift_ = std::max(shift_, std::fabs(score));
    shift_ += keys_.moved + keys_.above;
  }

  RowNoise run() {
    RowNoise noise;
    std::vector<double> value(keys_.n);
    for (std::int64_t c = 0; c < row_.v_dim; ++c) {
      for (std::size_t j = 0; j < static_cast<std::size_t>(row_.keys); ++j)
        value[j] = row_.v[j * static_cast<std::size_t>(row_.v_dim) + static_cast<std::size_t>(c)];
      noise.out.push_back(channel(value));
    }
    noise.lse = lse();
    return noise;
  }

 private:
  RowScope scope() const {
    return {static_cast<double>(keys_.n), static_cast<double>(row_.span),
            row_.sink.has_value(),        0,
            std::fabs(keys_.largest),     0,
            std::fabs(keys_.largest),     0};
  }

  // Any order: one addition after the other is the worst.
  double depth(const Sum& sum, double h) const {
    return sum.order == Order::tree ? h : static_cast<double>(keys_.n);
  }

  // Errors of weights that are made for each key: sum x_j (its error).
  double own_variance(const std::vector<double>& x, bool exponentials) {
    double constant = 0;
    for (std::size_t j = 0; j < keys_.n; ++j) {
      const double e = exponentials ? keys_.exp_error[j] : 0;
      constant += x[j] * keys_.product[j];
      by_key_.add(j, x[j] * keys_.dot_error[j]);
      by_weight_.add(j, x[j] * std::sqrt(square(keys_.weight_error[j]) + square(e)));
      if (c_.denominator_sums_rounded) by_store_.add(j, x[j] * keys_.store_error[j]);
    }
    return square(keys_.constant_error * constant) + by_key_.take() + by_weight_.take() +
           (c_.denominator_sums_rounded ? by_store_.take() : 0) + rescale_variance(x);
  }

  // What was summed before the maximum rises is multiplied by one factor, whose exponent was rounded.
  double rescale_variance(const std::vector<double>& x) const {
    double variance = 0;
    double prefix = 0;
    auto rise = keys_.rises.begin();
    double before = keys_.score[0];
    for (std::size_t j = 0; j < keys_.n; ++j) {
      if (rise != keys_.rises.end() && *rise == j) {
        variance += square(prefix * u_ * (keys_.score[j] - before));
        before = keys_.score[j];
        ++rise;
      }
      prefix += x[j];
    }
    return variance;
  }

  // What many keys share, against what the others have: a_j - sum p a is at most the sum of two ranges.
  double shared_variance(const std::vector<double>& x) const {
    double mean_rises = 0;
    for (std::size_t j = 0; j < keys_.n; ++j) mean_rises += keys_.probability[j] * keys_.later_rises[j];
    const double merged = merges_of_a_key(c_);
    const double shift = c_.rounded_shift ? 4 * square(u_ * shift_) : 0;
    double variance = 0;
    for (std::size_t j = 0; j < keys_.n; ++j) {
      const double factors = keys_.later_rises[j] + mean_rises + 2 * merged;
      variance +=
          square(x[j]) * (square(factors * keys_.exp_error[j]) + 4 * merged * split_variance() + shift);
    }
    return variance;
  }

  // Of a split's lse, in a merge of those. No split's is larger than the row's, or further below the shift.
  double split_variance() const {
    if (c_.merge == Merge::state) return 0;
    return square(logarithm_error()) + square((2 * u_ + terms_.u_partial) * largest_lse());
  }

  double logarithm_error() const {
    return c_.log.relative * (std::log(static_cast<double>(keys_.n)) + keys_.lag + keys_.above) +
           c_.log.absolute;
  }

  double largest_lse() const {
    return std::max(std::fabs(keys_.largest + std::log(keys_.sum)), shift_) + keys_.lag;
  }

  // Where a merge weighs results by exp(lse_i - lse), nothing divides the error of the total away.
  Noise total() const {
    if (c_.splits <= 1 || c_.merge == Merge::state) return {};
    const double exponents = u_ * (std::log(static_cast<double>(keys_.n)) + keys_.lag + keys_.above);
    const double offset = c_.log.relative * std::log(c_.splits) + c_.log.absolute + c_.exp.relative +
                          c_.splits * c_.exp.absolute;
    const double merges = merges_of_a_key(c_);
    return {merges * (square(2 * u_ * largest_lse()) + square(exponents)), merges * offset};
  }

  Noise channel(const std::vector<double>& v) {
    double o = 0;
    double mean = 0;
    for (std::size_t j = 0; j < keys_.n; ++j) {
      o += keys_.probability[j] * v[j];
      mean += v[j] / static_cast<double>(std::max<std::int64_t>(1, row_.keys));
    }
    std::vector<double> x(keys_.n), product(keys_.n);
    double squares = 0;
    const double centre = centre_of(v);
    for (std::size_t j = 0; j < keys_.n; ++j) {
      x[j] = keys_.probability[j] * (v[j] - o);
      product[j] = keys_.probability[j] * (v[j] - centre);
      squares += square(product[j]);
      if (!c_.denominator_sums_rounded) by_store_.add(j, product[j] * keys_.store_error[j]);
    }
    const Noise sum = numerator_sum_.of(product, o - centre);
    const double size = std::max(square(o - centre), squares);
    Noise noise;
    noise.variance = own_variance(x, true) + shared_variance(x) + by_store_.take() + sum.variance +
                     square(u_n_) * squares + square(o - centre) * denominator_.variance +
                     last_variance(o, squares) + conversion_variance(v);
    // Each value less the centre is rounded, and so is the sum with it.
    if (centre != 0) noise.variance += square(u_n_) * (squares + square(o));
    const auto rises = static_cast<double>(keys_.rises.size());
    noise.variance += rises * (square(u_n_) + square(u_d_)) * size;
    noise.variance += c_.splits > 1 ? c_.splits * (square(terms_.u_partial) + square(u_n_)) * 2 * size : 0;
    if (row_.sink) noise.variance += square(keys_.probability.back() * o) * keys_.shared_variance;
    noise.variance += square(o) * total().variance;
    noise.offset = sum.offset + std::fabs(o) * (leans_.sink + total().offset) +
                   std::fabs(o - centre) * denominator_.offset + losses_.of_sums(v, x, product) +
                   losses_.of_truncation(o, squares);
    // An estimate of 1 / l may err to one side everywhere.
    if (c_.reciprocal) noise.offset += reciprocal_offset(o - centre, product);
    noise.lean = std::max(std::fabs(o), std::fabs(o - mean)) * leans_.out;
    return noise;
  }

  // Where results of splits are merged, each was divided by its own l: the largest sum that leaves is of
  // terms of one sign.
  double reciprocal_offset(double o, const std::vector<double>& product) const {
    if (c_.merge == Merge::state || c_.splits <= 1) return c_.reciprocal_rel * std::fabs(o);
    double sizes = 0;
    for (const double x : product) sizes += std::fabs(x);
    return c_.reciprocal_rel * (std::fabs(o) + merges_of_a_key(c_) * sizes);
  }

  // Of the values of a channel, where it is subtracted from them.
  double centre_of(const std::vector<double>& v) const {
    if (!c_.centred_values || row_.sink) return 0;
    return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
  }

  // Equal values err alike.
  double conversion_variance(const std::vector<double>& v) const {
    if (terms_.u_v == 0) return 0;
    std::map<double, double> weight_of_value;
    for (std::size_t j = 0; j < keys_.n; ++j) weight_of_value[v[j]] += keys_.probability[j];
    double variance = square(terms_.lambda_v);
    for (const auto& [value, weight] : weight_of_value) variance += square(terms_.u_v * weight * value);
    return variance;
  }

  // Division, casts, and what underflows on the way.
  double last_variance(double o, double squares) const {
    const double u = std::max(u_n_, u_d_);
    // One reciprocal serves a row, of P as well.
    const double divided = c_.reciprocal ? 2 : 1;
    double relative = c_.unfused ? (c_.reciprocal ? square(u_d_) : 0) : divided * square(u);
    double absolute = square(underflow_error(out_, c_.output.rounding, c_.underflow));
    relative += square(out_.unit_roundoff());
    if (c_.output) relative += square(c_.output.format->unit_roundoff());
    absolute += square(underflow_error(c_.output, c_.underflow));
    absolute += square(terms_.lambda) * (1 + static_cast<double>(keys_.n)) + square(terms_.lambda_partial);
    return relative * square(o) + absolute + (c_.unfused ? square(u_d_) * squares : 0);
  }

  Noise lse() {
    const double log_sum = std::log(keys_.sum);
    const double lse = keys_.largest + log_sum;
    const double h = c_.folded_log2e ? 3 : 1;
    const double shifts =
        shift_roundings(c_) * square(u_ * (std::fabs(keys_.largest) + keys_.moved + keys_.above)) +
        4 * square(u_ * keys_.moved);
    const double last =
        h * square(std::max(u_, u_d_)) * (square(lse) + square(keys_.lag) + square(keys_.above));
    Noise noise;
    noise.variance = own_variance(keys_.probability, false) + keys_.shared_variance + denominator_.variance +
                     static_cast<double>(keys_.rises.size()) * square(u_d_) + shifts + last +
                     square(lse_.unit_roundoff() * lse) + square(terms_.lambda) +
                     square(underflow_error(lse_, c_.output.rounding, c_.underflow));
    if (c_.rounded_shift) noise.variance += square(u_ * shift_);
    if (c_.splits > 1)
      noise.variance += c_.splits * (square(terms_.u_partial) + square(u_d_)) + split_variance();
    noise.offset = denominator_.offset + c_.log.relative * (std::fabs(log_sum) + keys_.lag + keys_.above) +
                   c_.log.absolute + leans_.lse_offset;
    if (truncates(c_.score) || truncates(c_.denominator))
      noise.offset += std::sqrt(shifts) + h * std::max(u_, u_d_) * std::fabs(lse);
    if (c_.output.rounding != Rounding::nearest_even)
      noise.offset += lse_.unit_roundoff(c_.output.rounding) * std::fabs(lse);
    // Folded: log2(e) and ln(2) are rounded once and for all.
    noise.lean = leans_.lse + (c_.folded_log2e ? u_ * (std::fabs(lse) + std::fabs(keys_.largest)) : 0);
    return noise;
  }

  const Contract& c_;
  const Row& row_;
  NoiseKeys keys_;
  Leans leans_;
  const Format& out_;
  const Format& lse_;
  double u_, u_n_, u_d_;
  BoundTerms terms_;
  Losses losses_;
  GroupedSquares by_key_, by_weight_, by_store_;
  NoisySum numerator_sum_;
  Noise denominator_;
  double shift_ = 0;  // the largest running maximum, in either order of the keys
};

void widen(Noise& noise, const Noise& other) {
  noise.variance = std::max(noise.variance, other.variance);
  noise.offset = std::max(noise.offset, other.offset);
  noise.lean = std::max(noise.lean, other.lean);
}

}  // namespace

double Noise::sigmas(double error) const {
  const double rest = std::fabs(error) - offset;
  if (rest <= 0) return 0;
  if (!(variance > 0)) return std::numeric_limits<double>::infinity();
  return rest / std::sqrt(variance);
}

RowNoise noise_of(const ContractSet& contract, const Row& row, DType out, DType lse) {
  RowNoise noise;
  for (const Contract& alternative : contract.alternatives) {
    RowNoise one = Model(alternative, row, out, lse).run();
    if (noise.out.empty()) {
      noise = std::move(one);
      continue;
    }
    for (std::size_t c = 0; c < noise.out.size(); ++c) widen(noise.out[c], one.out[c]);
    widen(noise.lse, one.lse);
  }
  return noise;
}

}  // namespace attest::oracle
