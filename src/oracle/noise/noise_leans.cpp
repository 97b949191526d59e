#include "oracle/noise/noise_leans.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

#include "oracle/noise/noise_scores.hpp"

namespace attest::oracle {
namespace {

double square(double x) { return x * x; }

class Leaning {
 public:
  Leaning(const Contract& contract, const NoiseKeys& keys, bool sink)
      : c_(contract), keys_(keys), keys_with_values_(keys.n - (sink ? 1 : 0)) {
    double squares = 0;
    for (std::size_t j = 0; j < keys_with_values_; ++j) squares += square(keys.probability[j]);
    for (std::size_t j = 0; j < keys.n; ++j) {
      const double p = keys.probability[j];
      const double share = j < keys_with_values_ && squares > 0 ? square(p) / squares : 0;
      pull_.push_back(share - p);
      share_.push_back(share);
    }
  }

  Leans run() const {
    Leans leans;
    for (std::size_t j = 0; j < keys_.n; ++j) {
      const double p = keys_.probability[j];
      const double weight = of_weight(j);
      const double rescales = keys_.later_rises[j] * keys_.exp_error[j];
      const double merged = merges() * (keys_.exp_error[j] + logarithm_error());
      const double second = second_order(j);
      leans.out += std::fabs(pull_[j]) * (weight + second / 2 + std::sqrt(second * keys_.shared_variance)) +
                   (share_[j] + p) * p * second;
      leans.lse_offset += p * (weight + rescales + merged);
      leans.lse += p * second / 2;
    }
    const double constant = constant_lean();
    leans.out += rescale_lean() + merge_lean() + constant;
    leans.lse += keys_.constant_error * std::fabs(weighted(keys_.probability));
    if (keys_with_values_ < keys_.n) {
      const double p = keys_.probability.back();
      leans.sink = p * (of_weight(keys_.n - 1) + leans.lse_offset);
    }
    return leans;
  }

 private:
  // The weight's error to one side.
  double of_weight(std::size_t j) const {
    const bool cut =
        c_.probability && c_.denominator_sums_rounded && c_.probability.rounding != Rounding::nearest_even;
    return keys_.exp_error[j] + keys_.one_sided[j] + (keys_.flushed[j] ? 1 : 0) +
           (cut ? keys_.store_error[j] : 0);
  }

  // The square of what is symmetric in the exponent: e^x is not symmetric in x.
  double second_order(std::size_t j) const {
    return square(keys_.dot_error[j]) + square(keys_.weight_error[j]) +
           (c_.denominator_sums_rounded ? square(keys_.store_error[j]) : 0);
  }

  double weighted(const std::vector<double>& weights) const {
    double sum = 0;
    for (std::size_t j = 0; j < keys_.n; ++j) sum += weights[j] * keys_.product[j];
    return sum;
  }

  double constant_lean() const { return keys_.constant_error * std::fabs(weighted(pull_)); }

  // One factor for all keys before a rise; keys come in order or in the opposite order.
  double rescale_lean() const {
    if (c_.unfused) return 0;
    double forwards = 0;
    double backwards = 0;
    double before = 0;
    double top = keys_.score.front();
    for (std::size_t j = 0; j < keys_.n; ++j) {
      if (keys_.score[j] > top) forwards += std::fabs(before);
      top = std::max(top, keys_.score[j]);
      before += pull_[j] * keys_.exp_error[j];
    }
    before = 0;
    top = keys_.score.back();
    for (std::size_t j = keys_.n; j-- > 0;) {
      if (keys_.score[j] > top) backwards += std::fabs(before);
      top = std::max(top, keys_.score[j]);
      before += pull_[j] * keys_.exp_error[j];
    }
    return std::max(forwards, backwards);
  }

  double merge_lean() const {
    double error = 0;
    for (std::size_t j = 0; j < keys_.n; ++j)
      error += std::fabs(pull_[j]) * (keys_.exp_error[j] + logarithm_error());
    return merges() * error;
  }

  double merges() const { return merges_of_a_key(c_); }

  // Of a split's lse, where lse are merged.
  double logarithm_error() const {
    if (c_.merge == Merge::state) return 0;
    return c_.log.relative * (std::log(static_cast<double>(keys_.n)) + keys_.lag + keys_.above) +
           c_.log.absolute;
  }

  const Contract& c_;
  const NoiseKeys& keys_;
  std::size_t keys_with_values_;
  std::vector<double> pull_, share_;  // p_j^2 / sum p^2 - p_j, and its first term
};

}  // namespace

Leans leans_of(const Contract& contract, const NoiseKeys& keys, bool sink) {
  return Leaning(contract, keys, sink).run();
}

}  // namespace attest::oracle
