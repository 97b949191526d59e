#include "space/growth.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "space/capacity.hpp"

namespace attest::space {

Growth fitted(std::vector<MemoryPoint> points) {
  Growth growth;
  double n = 0, sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;
  for (const MemoryPoint& point : points) {
    if (point.bytes < kMemoryFloor) continue;
    const double x = std::log(static_cast<double>(point.length)),
                 y = std::log(static_cast<double>(point.bytes));
    n += 1;
    sum_x += x;
    sum_y += y;
    sum_xx += x * x;
    sum_xy += x * y;
  }
  growth.points = std::move(points);
  const double spread = n * sum_xx - sum_x * sum_x;
  if (n >= 3 && spread > 0) growth.exponent = (n * sum_xy - sum_x * sum_y) / spread;
  return growth;
}

std::string growth_text(const Growth& growth) {
  if (growth.points.empty()) return "not measured";
  const MemoryPoint& last = growth.points.back();
  const std::string length = fmt::format("{}", fmt::group_digits(last.length));
  if (growth.exponent)
    return fmt::format("L^{:.2f}, {} at {}", *growth.exponent, bytes_text(8 * last.bytes), length);
  const bool seen = std::ranges::any_of(growth.points, [](const auto& p) { return p.bytes >= kMemoryFloor; });
  return seen ? fmt::format("too small to fit an exponent: {} at {}", bytes_text(8 * last.bytes), length)
              : fmt::format("below {} to {}", bytes_text(8 * kMemoryFloor), length);
}

}  // namespace attest::space
