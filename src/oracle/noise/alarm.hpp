// The probabilistic alarm: errors that no bound excludes, but that rounding hardly ever makes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/noise/noise_tally.hpp"

namespace attest::oracle {

/// Chance of a false alarm in all that one Alarm sees, under the model: half of it for single outputs, half
/// for the biases.
inline constexpr double kFalseAlarm = 1e-6;

enum class Bias : std::uint8_t { out, outward, lse };
/// "out", "out away from zero", "lse".
std::string_view name_of(Bias bias);

/// Deviations of many problems, problem by problem.
class Alarm {
 public:
  /// `where` names the problem in words.
  void add(const NoiseTally& tally, const std::string& where);

  std::int64_t problems() const { return problems_; }
  std::int64_t outputs() const { return outputs_; }
  const std::optional<Deviation>& largest() const { return largest_; }
  const std::string& largest_where() const { return where_; }
  /// Of N outputs none is this many sigmas off, by Hoeffding and the union of all: sqrt(2 ln(2N / (eta/2))).
  double output_threshold() const;

  /// How far the errors lean beyond what the contract permits: (|sum x_p| - sum a_p) / sqrt(sum (|x_p| +
  /// a_p)^2), at least 0, with the sign of sum x_p. x_p is the sum of a problem's errors over the root of
  /// their number, a_p what they may lean, both over 1 + the latter. Where each x_p is within a_p of
  /// something independent and symmetric this exceeds t with probability 2 exp(-t^2/2) at most (Efron 1969;
  /// docs/bound-derivation.md 15), whatever their sizes and whatever depends on what within a problem.
  double bias(Bias of) const;
  /// sqrt(2 ln(2 * 3 / (eta/2))); needs that many problems squared to be reached.
  static double bias_threshold();

  /// What is beyond a threshold, a sentence each without a final period; empty in health.
  std::vector<std::string> suspicions() const;

 private:
  struct Sums {
    double sum = 0, allowed = 0, squares = 0, sigmas = 0, permitted = 0;
    std::int64_t problems = 0, count = 0;
    void add(const SignedSum& one);
  };

  std::string bias_sentence(Bias of) const;
  const Sums& sums(Bias of) const { return sums_[static_cast<std::size_t>(of)]; }

  std::int64_t problems_ = 0, outputs_ = 0;
  std::optional<Deviation> largest_;
  std::string where_;
  std::array<Sums, 3> sums_{};
};

}  // namespace attest::oracle
