// The values of one extent (a length, a head dim, a number of heads) that a kernel accepts.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace attest::check {

/// Multiples of `step` in [least, most], and the values listed in `also`. Extents of 0 are not covered here,
/// but by the feature "an extent of 0".
struct ExtentSet {
  static constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

  std::int64_t step = 1;
  std::int64_t least = 1;
  std::int64_t most = kNoLimit;
  std::vector<std::int64_t> also{};  ///< ascending

  bool contains(std::int64_t n) const;
  bool is_any() const { return step == 1 && least == 1 && most == kNoLimit; }
  /// The largest value <= n; none if all are larger.
  std::optional<std::int64_t> floor(std::int64_t n) const;
  /// The smallest value >= n; none if all are smaller.
  std::optional<std::int64_t> ceil(std::int64_t n) const;
  /// Up to `count` values, the smallest first.
  std::vector<std::int64_t> smallest(std::size_t count) const;

  /// "any", "multiples of 64", "1, or multiples of 64 up to 256", "64, 128".
  std::string text() const;
};

/// Values that a kernel accepted, and values that it declined although nothing else differed from an accepted
/// problem.
class ExtentObservations {
 public:
  void accept(std::int64_t n);
  void decline(std::int64_t n);
  bool empty() const { return accepted_.empty() && declined_.empty(); }
  const std::set<std::int64_t>& accepted() const { return accepted_; }
  const std::set<std::int64_t>& declined() const { return declined_; }

  /// The largest set of the simplest kind that agrees with all observations: every extent; or multiples of a
  /// number, within limits if a value beyond was declined; or the list of accepted values.
  const ExtentSet& set() const { return set_; }

  /// A value in [least, most] that distinguishes the set from a smaller one with the same observations; none
  /// if there is nothing left to learn about its step.
  std::optional<std::int64_t> next_question(std::int64_t least, std::int64_t most) const;

 private:
  std::set<std::int64_t> accepted_, declined_;
  ExtentSet set_;
};

}  // namespace attest::check
