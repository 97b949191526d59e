#include "problem/kv_storage/storage_blocks.hpp"

#include <algorithm>
#include <cmath>

#include "problem/kv_storage/kv_blocks.hpp"

namespace attest {
namespace {

constexpr double kLargestHalf = 65504;

// Beyond f16 is its largest.
double in_f16(double x) { return representable(DType::f16, std::clamp(x, -kLargestHalf, kLargestHalf)); }

void to_q8_0(std::span<double> block) {
  const double step = std::fabs(largest_magnitude(block)) / 127;
  const double scale = in_f16(step);
  for (double& x : block) x = scale == 0 ? 0 : scale * std::round(x / step);
}

// d (n - half), n in [0, 2 half - 1].
void to_symmetric(std::span<double> block, double half) {
  const double step = largest_magnitude(block) / -half;
  const double scale = in_f16(step);
  for (double& x : block) {
    const double n = scale == 0 ? half : std::min(2 * half - 1, std::floor(x / step + half + 0.5));
    x = scale * (n - half);
  }
}

// d n + m, n in [0, levels], the sum in f32. Where all of d n is below half an ulp of m in f16, m alone
// stays: the next d would not be the same.
void to_minimum(std::span<double> block, double levels) {
  const auto [least, most] = std::minmax_element(block.begin(), block.end());
  const double low = *least, step = (*most - low) / levels;
  const double minimum = in_f16(low);
  double scale = in_f16(step);
  if (levels * scale < std::fabs(minimum) * 0x1p-11) scale = 0;
  for (double& x : block) {
    const double n = scale == 0 ? 0 : std::min(levels, std::floor((x - low) / step + 0.5));
    x = static_cast<double>(static_cast<float>(scale * n + minimum));
  }
}

void to_nonlinear(std::span<double> block) {
  const double step = largest_magnitude(block) / kNonlinearLevels.front();
  const double scale = in_f16(step);
  for (double& x : block) x = scale == 0 ? 0 : scale * kNonlinearLevels.at(nearest_level(x / step));
}

}  // namespace

std::size_t nearest_level(double x) {
  const auto nearer = [x](int a, int b) { return std::fabs(x - a) < std::fabs(x - b); };
  return static_cast<std::size_t>(std::min_element(kNonlinearLevels.begin(), kNonlinearLevels.end(), nearer) -
                                  kNonlinearLevels.begin());
}

void store_block(std::span<double> block, KvStorage storage) {
  if (!std::all_of(block.begin(), block.end(), [](double x) { return std::isfinite(x); })) return;
  switch (storage) {
    case KvStorage::as_given:
    case KvStorage::f16:
    case KvStorage::bf16:
      return;  // not in blocks
    case KvStorage::q8_0:
      return to_q8_0(block);
    case KvStorage::q4_0:
      return to_symmetric(block, 8);
    case KvStorage::q4_1:
      return to_minimum(block, 15);
    case KvStorage::q5_0:
      return to_symmetric(block, 16);
    case KvStorage::q5_1:
      return to_minimum(block, 31);
    case KvStorage::iq4_nl:
      return to_nonlinear(block);
  }
}

}  // namespace attest
