// How the error of the float forms grows with length, compared with the certified bound, and where
// low-precision sums stop growing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace attest::forms {

/// The largest error over a handful of rows of one length.
struct GrowthPoint {
  std::string form, semantics, inputs;  ///< inputs: a name of growth_inputs()
  std::int64_t keys = 0;
  double error = 0;  ///< largest |output - exact|, absolute
  double bound = 0;  ///< largest certified bound of any of these outputs; infinite where one has none
  double ratio = 0;  ///< largest error / bound where there is a bound; 0 where no output has one
};

/// Adds one output to a point. NaN counts as an infinite error. `bound` is infinite if there is none.
void include_output(GrowthPoint& point, double got, double exact, double bound);

/// The limit of the theorems saturation-f16, -bf16 and -f32 for a sum that grows one key at a time, and the
/// measured values. Keys of equal weight; those of the first half have value 0, those of the second value 1.
struct Departure {
  std::string semantics;
  std::int64_t limit = 0;  ///< 2^p: by the theorem no denominator exceeds it
  std::int64_t denominator_keys =
      0;                           ///< most keys, of all up to most_keys, for which the denominator is exact
  double largest_denominator = 0;  ///< over all lengths tried
  std::int64_t output_keys = 0;    ///< most keys (a power of two) for which the output is that of f32
};

struct ErrorGrowth {
  std::int64_t most_keys = 0;
  std::vector<GrowthPoint> points;    ///< inputs slowest, then semantics, forms, keys
  std::vector<Departure> departures;  ///< of the sequential form
};

struct GrowthInputs {
  std::string name, meaning;
};
std::vector<GrowthInputs> growth_inputs();

/// Lengths 4, 8, ..., most_keys (a power of two). A pure function of its arguments.
ErrorGrowth measure_error_growth(std::uint64_t seed, std::int64_t most_keys);

}  // namespace attest::forms
