#include "problem/kv_storage/shared_storage.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "problem/kv_storage/kv_blocks.hpp"
#include "problem/kv_storage/storage_blocks.hpp"

namespace attest {
namespace {

// Exponents of the step for which every format holds the multiples, and the scales of every storage.
constexpr double kLeastExponent = -20, kMostExponent = 6;

// The multiples of a step that a block holds: `top` times the step is its element of largest magnitude.
struct Grid {
  double top = 127;
  double unit = 1;         ///< of the multiples
  bool both_ends = false;  ///< a further element is as far on the other side as the grid goes
  bool levels = false;     ///< the multiples are the levels of iq4_nl
};

// Empty: the two have none.
std::optional<Grid> grid_of(KvStorage one, KvStorage other) {
  const auto has = [&](KvStorage storage) { return one == storage || other == storage; };
  const bool eight = has(KvStorage::q8_0);
  const bool four = has(KvStorage::q4_0) || has(KvStorage::q4_1);
  const bool five = has(KvStorage::q5_0) || has(KvStorage::q5_1);
  // Their scale is (max - min) / 15 or / 31.
  const bool by_ends = has(KvStorage::q4_1) || has(KvStorage::q5_1);
  if (has(KvStorage::iq4_nl)) return four || five ? std::nullopt : std::optional(Grid{.levels = true});
  if ((eight && by_ends) || (four && has(KvStorage::q5_1))) return std::nullopt;
  // Multiples of 8 up to 127 times 8 by q8_0, of 127 up to 8 times 127 by q4_0: the latter has one sign.
  const double half = four ? 8 : 16;
  if (eight && (four || five)) return Grid{.top = 127 * half, .unit = 127 * half};
  if (four || five) return Grid{.top = half, .both_ends = by_ends};
  return Grid{};
}

// By the step, of the sign of the element of largest magnitude.
double nearest(double multiple, const Grid& grid) {
  if (grid.levels) return -kNonlinearLevels.at(nearest_level(-multiple));
  // The other sign of q4_0 and q5_0 ends one step earlier.
  return grid.unit *
         std::clamp(std::round(multiple / grid.unit), 1 - grid.top / grid.unit, grid.top / grid.unit);
}

void to_grid(std::span<double> block, const Grid& grid) {
  const double largest = largest_magnitude(block);
  if (largest == 0 || !std::all_of(block.begin(), block.end(), [](double x) { return std::isfinite(x); }))
    return;
  const double exponent =
      std::clamp(std::round(std::log2(std::fabs(largest) / grid.top)), kLeastExponent, kMostExponent);
  const double step = std::copysign(std::exp2(exponent), largest);
  const auto first = std::find(block.begin(), block.end(), largest);
  for (double& x : block) x = step * nearest(x / step, grid);
  *first = step * grid.top;
  if (!grid.both_ends || block.size() == 1) return;
  const auto [least, most] = std::minmax_element(block.begin(), block.end());
  auto last = step > 0 ? least : most;
  if (last == first) last = first == block.begin() ? first + 1 : block.begin();  // all are equal
  *last = step * (1 - grid.top);
}

Tensor on_grid(const Tensor& tensor, const Grid& grid) {
  if (tensor.count() == 0) return tensor;
  std::vector<double> values = tensor.values();
  for_each_kv_block(tensor, [&](std::size_t at, std::size_t size) {
    to_grid(std::span(values).subspan(at, size), grid);
    return true;
  });
  Tensor result = tensor;
  result.assign(values);
  return result;
}

}  // namespace

Problem stored_in_both(Problem problem, KvStorages one, KvStorages other) {
  if (one == other) return stored(std::move(problem), one);
  constexpr int kRounds = 2;
  for (int round = 0; round < kRounds; ++round) problem = stored(stored(std::move(problem), one), other);
  if (holds(one, problem) && holds(other, problem)) return problem;
  if (const auto grid = grid_of(one.k, other.k)) problem.k = on_grid(problem.k, *grid);
  if (const auto grid = grid_of(one.v, other.v)) problem.v = on_grid(problem.v, *grid);
  return problem;
}

}  // namespace attest
