// The keys of one row as the noise model sees them: scores, weights, the noise of each, and which keys err
// alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "oracle/contract/contract.hpp"
#include "oracle/definition/row.hpp"

namespace attest::oracle {

/// Keys that are rounded alike, as their operands are the same: their errors are equal, not independent.
struct Alike {
  std::vector<std::uint32_t> group;  ///< [keys]
  std::size_t groups = 0;
  bool all_apart() const { return groups == group.size(); }
};

/// Of the same number, the same group.
Alike alike(const std::vector<std::uint64_t>& numbers);

/// Visible keys in order, then the sink (value 0) where there is one. Everything but alike_* is in nats or
/// relative to a weight.
struct NoiseKeys {
  std::size_t n = 0;
  std::vector<double> product;  ///< scale * q.k
  std::vector<double> score;
  std::vector<double> weight;       ///< exp(s_j - s_max)
  std::vector<double> probability;  ///< p_j
  double largest = 0;               ///< s_max
  double sum = 1;                   ///< S = sum exp(s_j - s_max)
  double lag = 0;                   ///< how far the shift may lie below s_max
  double above = 0;                 ///< how far the shift may lie above s_max
  double moved = 0;                 ///< what ALiBi by position adds to every score, at most

  std::vector<double> dot_error;     ///< of the score: from q.k, alike for equal keys
  std::vector<double> weight_error;  ///< of the weight: from what is added to the score, stores, the shift
  std::vector<double> store_error;   ///< of the weight: its rounding to the format of P
  std::vector<double> exp_error;     ///< of the weight: one exponential, its own or a rescale's
  std::vector<double> one_sided;     ///< of the score: what may have the same sign in all keys
  std::vector<bool> flushed;         ///< the weight may be lost
  double constant_error = 0;         ///< of all products alike: a rounded scale, a rounded log2(e)
  double shared_variance = 0;        ///< of sum p_j (error of score j), from what all keys share
  Alike alike_keys, alike_weights, alike_stores;

  /// Keys at which a running maximum that starts at key 0 grows.
  std::vector<std::size_t> rises;
  /// [keys] Rescales that a key meets where keys are taken in order, or in the opposite order: the larger.
  std::vector<double> later_rises;
};

NoiseKeys noise_keys(const Contract& contract, const Row& row);

}  // namespace attest::oracle
