#include "oracle/noise/noise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "oracle/bound/bound.hpp"
#include "oracle/bound/bound_terms.hpp"
#include "oracle/noise/noise_keys.hpp"
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
        out_(format_of(out)),
        lse_(format_of(lse)),
        u_(c_.score.unit_roundoff()),
        u_n_(c_.numerator.unit_roundoff()),
        u_d_(c_.denominator.unit_roundoff()),
        terms_(bound_terms(c_, scope())),
        by_key_(keys_.alike_keys),
        by_weight_(keys_.alike_weights),
        by_store_(keys_.alike_stores),
        numerator_sum_(u_n_, depth(c_.numerator, terms_.h_n), keys_.n, !keys_.alike_weights.all_apart()) {
    NoisySum sum(u_d_, depth(c_.denominator, terms_.h_n), keys_.n, true);
    denominator_ = sum.of(keys_.probability, 1);
    for (std::size_t j = 0; j < keys_.n; ++j)
      if (keys_.flushed[j]) denominator_.offset += keys_.probability[j];
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

  // Errors that numerator and denominator share: x_j = p_j (v_j - o), or p_j for the denominator alone.
  // Exponentials err to one side together where `exponentials` is false; they are an offset then.
  double common_variance(const std::vector<double>& x, bool exponentials) {
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

  // What was summed before the maximum rises is multiplied by one computed exponential; so are the states of
  // splits, and the results of splits that are merged by their lse.
  double rescale_variance(const std::vector<double>& x) const {
    double variance = 0;
    double prefix = 0;
    double most = 0;
    auto rise = keys_.rises.begin();
    double before = keys_.score[0];
    for (std::size_t j = 0; j < keys_.n; ++j) {
      if (rise != keys_.rises.end() && *rise == j) {
        variance += square(prefix) *
                    (square(c_.exp.relative + c_.exp.absolute) + square(u_ * (keys_.score[j] - before)));
        before = keys_.score[j];
        ++rise;
      }
      prefix += x[j];
      most = std::max(most, square(prefix));
    }
    if (c_.splits > 1)
      variance += c_.splits * most * (square(c_.exp.relative + c_.exp.absolute) + split_variance());
    return variance;
  }

  double split_variance() const {
    const double lse = std::fabs(keys_.largest + std::log(keys_.sum));
    if (c_.merge == Merge::state) return 0;
    return square(c_.log.relative * std::log(static_cast<double>(keys_.n)) + c_.log.absolute) +
           square((2 * u_ + terms_.u_partial) * lse);
  }

  Noise channel(const std::vector<double>& v) {
    double o = 0;
    double squares = 0;
    for (std::size_t j = 0; j < keys_.n; ++j) o += keys_.probability[j] * v[j];
    std::vector<double> x(keys_.n), product(keys_.n);
    double converted = 0;
    double flushed = 0;
    double lost = 0;
    const double centre = centre_of(v);
    for (std::size_t j = 0; j < keys_.n; ++j) {
      const double p = keys_.probability[j];
      x[j] = p * (v[j] - o);
      product[j] = p * (v[j] - centre);
      squares += square(product[j]);
      if (keys_.flushed[j]) flushed += x[j];
      if (!c_.denominator_sums_rounded) by_store_.add(j, product[j] * keys_.store_error[j]);
      converted += square(terms_.u_v * p * v[j]);
      if (std::fabs(v[j]) < flushed_below(c_, row_.kv_normal)) lost += p * v[j];
    }
    const Noise sum = numerator_sum_.of(product, o - centre);
    const double size = std::max(square(o - centre), squares);
    Noise noise;
    noise.variance = common_variance(x, true) + by_store_.take() + sum.variance + square(u_n_) * squares +
                     square(o - centre) * denominator_.variance + converted + square(terms_.lambda_v);
    // Each value less the centre is rounded, and so is the sum with it.
    if (centre != 0) noise.variance += square(u_n_) * (squares + square(o));
    const auto rises = static_cast<double>(keys_.rises.size());
    noise.variance += rises * (square(u_n_) + square(u_d_)) * size + last_variance(o, squares);
    noise.variance += c_.splits > 1 ? c_.splits * (square(terms_.u_partial) + square(u_n_)) * 2 * size : 0;
    noise.offset =
        sum.offset + std::fabs(o - centre) * denominator_.offset + std::fabs(flushed) + std::fabs(lost);
    // An estimate of 1 / l may err to one side everywhere.
    if (c_.reciprocal) noise.offset += c_.reciprocal_rel * std::fabs(o - centre);
    return noise;
  }

  // Of the values of a channel, where it is subtracted from them.
  double centre_of(const std::vector<double>& v) const {
    if (!c_.centred_values || row_.sink) return 0;
    return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
  }

  // Division, casts, and what underflows on the way.
  double last_variance(double o, double squares) const {
    const double divisions = c_.reciprocal ? 2 : 1;
    const double u = std::max(u_n_, u_d_);
    double relative = c_.unfused ? 0 : divisions * square(u);
    double absolute = square(underflow_error(out_, c_.output.rounding, c_.underflow));
    relative += square(out_.unit_roundoff());
    if (c_.output) relative += square(c_.output.format->unit_roundoff());
    absolute += square(underflow_error(c_.output, c_.underflow));
    absolute += square(terms_.lambda) * (1 + static_cast<double>(keys_.n)) + square(terms_.lambda_partial);
    return relative * square(o) + absolute + (c_.unfused ? divisions * square(u_d_) * squares : 0);
  }

  Noise lse() {
    const double log_sum = std::log(keys_.sum);
    const double lse = keys_.largest + log_sum;
    const double h = c_.folded_log2e ? 3 : 1;
    Noise noise;
    noise.variance =
        common_variance(keys_.probability, false) + denominator_.variance +
        static_cast<double>(keys_.rises.size()) * square(u_d_) +
        shift_roundings(c_) * square(u_ * (std::fabs(keys_.largest) + keys_.moved + keys_.above)) +
        4 * square(u_ * keys_.moved) +
        (h * square(std::max(u_, u_d_)) + square(lse_.unit_roundoff())) * square(lse) +
        square(terms_.lambda) + square(underflow_error(lse_, c_.output.rounding, c_.underflow));
    if (c_.splits > 1)
      noise.variance += c_.splits * (square(terms_.u_partial) + square(u_d_) + split_variance());
    noise.offset =
        denominator_.offset + c_.log.relative * (std::fabs(log_sum) + keys_.above) + c_.log.absolute;
    for (std::size_t j = 0; j < keys_.n; ++j) noise.offset += keys_.probability[j] * keys_.exp_error[j];
    return noise;
  }

  const Contract& c_;
  const Row& row_;
  NoiseKeys keys_;
  const Format& out_;
  const Format& lse_;
  double u_, u_n_, u_d_;
  BoundTerms terms_;
  GroupedSquares by_key_, by_weight_, by_store_;
  NoisySum numerator_sum_;
  Noise denominator_;
};

void widen(Noise& noise, const Noise& other) {
  noise.variance = std::max(noise.variance, other.variance);
  noise.offset = std::max(noise.offset, other.offset);
}

std::string why_no_noise(const Contract& c) {
  for (const Sum* sum : {&c.score, &c.numerator, &c.denominator}) {
    if (sum->order == Order::block_fma) return "block-FMA units truncate: their errors have one sign";
    if (sum->rounding != Rounding::nearest_even)
      return "the contract declares truncation: errors have one sign";
  }
  if (c.output.rounding != Rounding::nearest_even ||
      (c.probability && c.probability.rounding != Rounding::nearest_even))
    return "the contract declares truncation: errors have one sign";
  return {};
}

}  // namespace

double Noise::sigmas(double error) const {
  const double rest = std::fabs(error) - offset;
  if (rest <= 0) return 0;
  if (!(variance > 0)) return std::numeric_limits<double>::infinity();
  return rest / std::sqrt(variance);
}

std::string why_no_noise(const ContractSet& contract) {
  for (const Contract& alternative : contract.alternatives) {
    if (std::string why = why_no_noise(alternative); !why.empty()) return why;
  }
  return {};
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
