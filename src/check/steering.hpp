// Learns what a kernel declines, and steers generation to what it accepts.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "check/gen_context.hpp"

namespace attest {

/// A declined problem is blamed on those of its features that no accepted problem has had, or, when each has
/// been accepted, on the pairs that have not. Blame halves a probability, acceptance restores it. A pure
/// function of the answers in their order.
class Steering {
 public:
  explicit Steering(GenContext base) : base_(std::move(base)) {}

  void accepted(const Problem& problem, const FeatureSet& features);
  void declined(const FeatureSet& features);

  /// The base context, less what was declined.
  GenContext context() const;
  /// Features asked for several times and never accepted.
  std::vector<std::string> never_accepted() const;

 private:
  void blame_pairs(const FeatureSet& features);

  GenContext base_;
  FeatureSet accepted_;
  std::array<double, kFeatures> blame_{};
  std::array<std::int64_t, kFeatures> asked_{};  ///< declined problems that had the feature
  std::array<std::bitset<kFeatures>, kFeatures> together_;
  std::array<std::array<std::uint8_t, kFeatures>, kFeatures> pair_blame_{};
  std::vector<std::pair<std::int64_t, std::int64_t>> dims_;  ///< accepted ones, the latest kDimsKept
  std::int64_t recent_declines_ = 0;                         ///< of the last 64 problems, roughly
};

}  // namespace attest
