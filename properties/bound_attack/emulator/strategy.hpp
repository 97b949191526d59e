// What a numerics contract leaves open, decided: one strategy makes the emulated kernel one definite kernel.
#pragma once

#include <cstdint>
#include <iosfwd>

namespace attest::attack {

enum class Style : std::uint8_t {
  natural,   ///< each operation is correctly rounded, as hardware does it
  steered,   ///< each operation is off by its largest relative error, towards the target
  jittered,  ///< each operation is off by a random share of the largest error that its rounding can make
};

enum class KeyOrder : std::uint8_t { ascending, descending, shuffled };
enum class Summation : std::uint8_t { sequential, pairwise, random_tree };
enum class ScaleForm : std::uint8_t {
  scores,   ///< s = scale * (q.k)
  queries,  ///< s = (scale * q).k, the conversion of q after the scale
};
enum class BiasOrder : std::uint8_t { bias_first, alibi_first, sum_first };

/// The target is one channel of the output (or lse), and a direction in which it is to be wrong.
struct Strategy {
  Style style = Style::natural;
  int target = 0;             ///< channel; -1: lse
  int direction = 1;          ///< +1 or -1
  double function_error = 1;  ///< share of the declared error that exp, tanh and log commit
  int function_side = 0;      ///< +1 or -1: they all err in this direction, and exp(0) = 1 is exact

  KeyOrder key_order = KeyOrder::ascending;
  int tile_factor = 1;  ///< tiles hold key_block * tile_factor keys
  int tile_offset = 0;  ///< keys missing from the first tile
  Summation summation = Summation::sequential;
  bool straight_into_accumulator = false;  ///< keys are added to the numerator one by one, not tile by tile
  bool fused_multiply_add = false;
  int splits = 1;  ///< at most the contract's
  bool merge_one_by_one = false;
  bool natural_lse = true;          ///< folded: lse is formed and merged in base e, not 2
  bool normalised_weights = false;  ///< merge by lse: weights exp(lse_i - lse), no division
  bool partial_lse = false;         ///< merge by lse: lse_i passes through the partial format too
  bool sink_first = false;

  ScaleForm scale_form = ScaleForm::scores;
  BiasOrder bias_order = BiasOrder::bias_first;
  bool reciprocal_of_softcap = false;
  bool bias_times_log2e = false;     ///< folded: dot * (scale * log2 e) + bias * log2 e, two constants
  bool shift_below_maximum = false;  ///< the shift starts tau below the maximum, not at it
  bool tau_by_sum = false;           ///< compares s with m + tau, not s - m with tau
  bool shift_above_maximum = false;  ///< the shift lies as far above the maximum as it may
  std::uint64_t seed = 0;
};

std::ostream& operator<<(std::ostream& out, const Strategy& strategy);

}  // namespace attest::attack
