// What a campaign's report says of the crossings of features and shapes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace attest::check {

/// A crossing with fewer cases than wanted.
struct ThinCrossing {
  std::string feature, shape;
  std::int64_t cases = 0;
  std::int64_t declined = 0;  ///< problems drawn for it that the kernel declined
  std::int64_t undrawn = 0;   ///< times that no family could draw one: the contract bears no such problem
};

struct CoverageReport {
  std::vector<std::string> shapes;
  struct Row {
    std::string feature;
    /// Cases on each of the shapes; none where the feature is not asked for on the shape.
    std::vector<std::optional<std::int64_t>> cases;
  };
  std::vector<Row> features;  ///< those that the kernel accepted
  std::int64_t wanted = 0;    ///< cases of each crossing that were asked for; 0: none was asked for
  /// With fewer cases than wanted, or none: those with the fewest first.
  std::vector<ThinCrossing> thin;

  std::int64_t crossings() const;
  std::int64_t uncovered() const;  ///< crossings without any case
  /// Of the crossings that have any case; 0 when none has.
  std::int64_t fewest_cases() const;
};

}  // namespace attest::check
