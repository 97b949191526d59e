// Judges single numbers, whatever operation they are results of.
#pragma once

#include <cstddef>
#include <cstdint>

#include "oracle/facts.hpp"
#include "oracle/judge/judge.hpp"

namespace attest::oracle {

/// What one number of a result is judged by.
struct NumberStandard {
  Known exact;              ///< by the operation's definition; infinite only where bound is 0
  double bound = 0;         ///< how far a correct kernel may be, radius included; infinity: no bound is known
  bool in_range = true;     ///< false: a correct kernel may overflow here, or an input is not finite
  bool informative = true;  ///< so small a bound that being within it says something
};

/// The standard of a number that a correct kernel returns exactly.
constexpr NumberStandard exactly(double value) { return {.exact = {.hi = value, .lo = 0, .radius = 0}}; }
/// Of a number that nothing is said about.
constexpr NumberStandard out_of_range() { return {.exact = {}, .bound = 0, .in_range = false}; }

/// How far `got` is from the known value; infinity if only one of them is finite, or `got` is NaN.
double distance(double got, const Known& known);

class NumberJudge {
 public:
  explicit NumberJudge(std::size_t max_violations) : max_violations_(max_violations) {}

  void judge(const Place& place, double got, const NumberStandard& standard);
  /// Ends a row that has so many keys to see: its ratios count together.
  void end_row(std::int64_t keys);

  Judgement& judgement() { return judgement_; }
  const Judgement& judgement() const { return judgement_; }

 private:
  std::size_t max_violations_;
  double largest_ratio_ = -1;  // of the row; negative: none of its numbers has one
  Judgement judgement_;
};

}  // namespace attest::oracle
