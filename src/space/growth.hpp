// How memory grows with length: an exponent fitted to measurements.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace attest::space {

struct MemoryPoint {
  std::int64_t length = 0;
  std::uint64_t bytes = 0;
};

struct Growth {
  std::vector<MemoryPoint> points;  ///< in the order of their lengths
  /// Slope of log bytes over log length, by least squares over the points above kMemoryFloor. None if there
  /// are fewer than three such points: no growth is visible then.
  std::optional<double> exponent;
};

/// Measurements of resident memory below this are noise: the operating system's count is off by tens of pages
/// per thread.
inline constexpr std::uint64_t kMemoryFloor = 1U << 20U;

Growth fitted(std::vector<MemoryPoint> points);

/// "L^1.98, 64 MiB at 4,096" or "below 1 MiB to 4,096".
std::string growth_text(const Growth& growth);

}  // namespace attest::space
