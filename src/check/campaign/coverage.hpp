// Which features were covered on which shapes.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "check/outline/features.hpp"
#include "check/outline/gen_context.hpp"
#include "check/outline/shape_class.hpp"
#include "check/record/coverage_report.hpp"
#include "check/region/region.hpp"

namespace attest::check {

struct Crossing {
  Feature feature = Feature::lse;
  ShapeClass shape = ShapeClass::one_key;
};

/// A pair of dtypes, or a feature, that few cases had.
struct Rarity {
  std::optional<DTypePair> dtypes;
  std::optional<Feature> feature;
};

/// Whether the feature can be requested on the shape. Features that are shapes themselves cannot, and a long
/// row of wide heads costs as much as a hundred other cases.
bool crosses(Feature feature, ShapeClass shape);

/// Counts the accepted problems of every crossing, and the requests without effect. A pure function of the
/// answers and their order.
class Coverage {
 public:
  /// Classes of more than `longest_row` keys are left out.
  explicit Coverage(std::int64_t longest_row) : longest_row_(longest_row) {}

  void accepted(const FeatureSet& features, ShapeClasses shapes, const DTypePair& dtypes);
  /// A problem drawn for the crossing was declined.
  void declined(const Crossing& crossing);
  /// None of the families drew a problem of the crossing.
  void undrawn(const Crossing& crossing);

  std::int64_t cases(const Crossing& crossing) const;
  /// The crossing of an accepted feature with the fewest cases; ties go by the order of features. None if
  /// each has enough cases. Crossings that were requested several times without effect are given up.
  std::optional<Crossing> thinnest(std::int64_t wanted) const;
  /// The context for drawing problems of the crossing. The feature is certain, and others with few cases on
  /// the same shape are likely, so that one case serves several crossings. After one case without effect the
  /// others have their usual chance, after more cases none.
  GenContext asking_for(const Crossing& crossing, std::int64_t wanted, GenContext context) const;

  /// The accepted pair of dtypes or feature with the fewest cases. None if each has enough cases, or was
  /// requested several times without effect since its last case.
  std::optional<Rarity> rarest(const Region& region, std::int64_t wanted);
  static GenContext asking_for(const Rarity& rarity, GenContext context);
  /// Dtypes and options that the kernel accepts and no case covered.
  std::vector<std::string> without_cases(const Region& region) const;

  /// `wanted`: the number of cases required of each crossing; 0: none.
  CoverageReport report(std::int64_t wanted) const;

 private:
  struct Count {
    std::int64_t cases = 0, declined = 0, undrawn = 0;
    std::int64_t in_vain = 0;  ///< since the last case
  };
  const Count& at(const Crossing& crossing) const {
    return counts_[static_cast<std::size_t>(crossing.feature)][static_cast<std::size_t>(crossing.shape)];
  }
  Count& at(const Crossing& crossing) {
    return counts_[static_cast<std::size_t>(crossing.feature)][static_cast<std::size_t>(crossing.shape)];
  }
  bool reachable(ShapeClass shape) const { return least_keys(shape) <= longest_row_; }

  std::int64_t longest_row_;
  std::array<std::array<Count, kShapeClasses>, kFeatures> counts_{};
  std::array<Count, kFeatures> features_{};
  std::map<DTypePair, Count> dtypes_;
  FeatureSet accepted_;
};

}  // namespace attest::check
