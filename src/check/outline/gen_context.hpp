// What the generators know of the kernel and of the budget.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "check/outline/features.hpp"
#include "check/outline/shape_class.hpp"
#include "numerics/draw.hpp"

namespace attest::check {

class Region;

/// Which tensors a problem with far offsets may spread past 2^31 elements.
enum class FarTarget : std::uint8_t {
  any,        ///< one of q, k, v, bias, mask and out, along any axis
  mask_rows,  ///< the mask along its rows, past 2^32: where 32-bit offsets were seen to fail
};

/// Shapes that only a schedule asks for: each costs what a hundred others do.
enum class ShapeKind : std::uint8_t {
  ordinary,
  many_rows,           ///< up to 8,193 queries, few keys
  many_rows_and_keys,  ///< more than 4,096 of both
};

/// Sizes of one problem are drawn such that rows * keys * (qk_dim + v_dim), which is what the oracle's time
/// goes with (about 2 ns each), stays below the work.
struct GenContext {
  GenContext();  ///< every feature at its default probability, f32 contract presets

  std::string contract;  ///< as for contract_for: the limits of scores and values follow from it
  std::array<double, kFeatures> chance{};  ///< probability of each feature; for dtypes and lengths: a weight
  double plain = 0.15;                     ///< share of problems without any optional feature
  /// Share of problems with one optional feature alone, in sizes that kernels have paths of their own for.
  /// Other features turn such paths off: ggml's tiles of 64 rows need an absent mask, and its softcap fails
  /// there.
  double alone = 0.1;
  double usual_work = 1.5e5;
  double large_work = 4e6;
  double large_share = 0.04;     ///< of problems that may reach large_work
  double outsized_share = 0.06;  ///< of problems with one extent beyond the ordinary: 576 channels, 128 heads
  ShapeKind shape_kind = ShapeKind::ordinary;
  FarTarget far_target = FarTarget::any;
  std::int64_t longest_row = 8193;  ///< keys of the decode rows
  /// What the kernel takes: problems are made to fit it; null: everything.
  std::shared_ptr<const Region> region;
  /// Share of problems that are outlines which the kernel has taken, with other numbers.
  double known_share = 0;
  std::optional<std::pair<DType, DType>> dtypes;  ///< of q, and of k and v; none: as they come
  /// Biases that hide their key may be so large that nothing is certified under them.
  bool uncertified_biases = false;
  std::optional<ShapeClass> shape;  ///< of every problem, where sizes and limits allow; none: as they come
  std::optional<Feature> feature;   ///< of every problem, as `shape`

  double of(Feature f) const { return chance[static_cast<std::size_t>(f)]; }
  void set(Feature f, double p) { chance[static_cast<std::size_t>(f)] = p; }
  bool draw(Draw& draw, Feature f) const { return draw.chance(of(f)); }
};

}  // namespace attest::check
