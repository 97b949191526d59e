// What is known about the problems that a kernel accepts.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "check/outline/outline.hpp"
#include "check/record/region_report.hpp"
#include "check/region/axis.hpp"
#include "check/region/difference.hpp"
#include "check/region/extent_set.hpp"
#include "numerics/draw.hpp"

namespace attest::check {

/// A condition on an outline.
struct Trait {
  enum class Kind : std::uint8_t { with, without, not_causal, dtypes };
  Kind kind = Kind::with;
  Feature feature = Feature::lse;  ///< of with and without
  DTypePair dtypes{};              ///< of dtypes

  bool holds(const Outline& outline, const FeatureSet& features) const;
  std::string text() const;  ///< "softcap", "no kv_lens", "bf16"
  friend auto operator<=>(const Trait&, const Trait&) = default;
};

/// Sets, ranges, multiples and equalities of extents; dtypes; features; and pairs of these that exclude each
/// other. A choice counts as declined only if an accepted problem differs in nothing else. Choices that were
/// neither accepted nor declined are unknown, and are admitted. A pure function of the recorded answers.
class Region {
 public:
  enum class Decided : std::uint8_t { unknown, accepted, declined };

  /// Records an accepted outline.
  void accept(const Outline& outline);
  /// Records that the kernel accepted `anchor`, and declined it with these choices (one or two) as in
  /// `declined`. Choices that were accepted elsewhere are recorded as declined together with the other one,
  /// or with `elsewhere`. Returns false if a region cannot express this.
  bool convict(const Outline& anchor, const Outline& declined, const Atoms& choices);

  bool admits(const Outline& outline) const;
  /// Changes the outline as little as possible so that the region admits it. No extent grows beyond what the
  /// region requires. Without an accepted outline, nothing changes. Lengths stay at most `most_keys` if the
  /// region has such lengths.
  void fit(Draw& draw, Outline& outline, std::int64_t most_keys) const;
  /// Reduces batches, heads, rows and keys, as far as the region allows, until the work (see Shape::work) is
  /// at most this.
  void lighten(Outline& outline, double work) const;

  bool empty() const { return accepted_.empty(); }
  /// The first outline that was accepted. Precondition: not empty().
  const Outline& base() const { return accepted_.front(); }
  /// The first few accepted outlines, which are plain.
  std::vector<Outline> plain_ones() const;
  /// One of the accepted outlines.
  const Outline& some(Draw& draw) const;
  /// The accepted outline with the fewest differences from this one. If a choice is given, only among those
  /// that agree in it. Null if there is none.
  const Outline* nearest(const Outline& outline, const Atom* same = nullptr) const;

  Decided decided(Feature feature) const;  ///< of an option that is there
  Decided decided_without(Feature feature) const;
  Decided decided(const DTypePair& dtypes) const;
  Decided decided(Lengthwise lengthwise) const;
  /// Whether any accepted problem has this choice as the outline has it.
  bool taken(const Outline& outline, const Atom& choice) const;
  const ExtentObservations& extents(Axis axis) const { return extents_[static_cast<std::size_t>(axis)]; }

  /// Fills in what the report says about accepted, declined and mutually exclusive choices.
  void describe(RegionReport& report) const;

 private:
  struct ConditionalExtent {
    Trait condition;
    Axis axis;
    ExtentObservations observed;

    bool admits(std::int64_t value) const;
  };
  struct Values {
    Axis axis;
    std::int64_t value;
  };

  static std::vector<Values> values_of(const Shape& shape);
  bool convict_alone(const Outline& anchor, const Outline& declined, const Atom& choice);
  bool convict_pair(const Outline& anchor, const Outline& declined, const Atom& a, const Atom& b);
  bool convict_lengths(const Outline& anchor, const Outline& declined);
  bool convict_dims(const Outline& declined);
  bool narrow_under(const Trait& condition, const Outline& declined, const Atom& extent);
  ExtentObservations& conditional(const Trait& condition, Axis axis);
  ExtentObservations& observed(Axis axis) { return extents_[static_cast<std::size_t>(axis)]; }
  bool admits_dims(std::int64_t qk_dim, std::int64_t v_dim) const;
  bool follows_from_a_decline(Feature option) const;
  bool dims_are_free() const { return !unequal_.empty() && unequal_declined_.empty(); }

  bool admits_extents(const Outline& outline) const;
  bool admits_choices(const Outline& outline, const FeatureSet& features) const;
  Lengthwise fitting(Draw& draw, Lengthwise wanted) const;

  void fit_dtypes(Draw& draw, Outline& outline) const;
  void fit_lengths(Draw& draw, Outline& outline, std::int64_t most_keys) const;
  void fit_dims(Draw& draw, Outline& outline) const;
  void fit_heads(Draw& draw, Outline& outline) const;
  void fit_options(Draw& draw, Outline& outline) const;
  bool fit_pairs(Draw& draw, Outline& outline) const;
  bool fit_conditional(Draw& draw, Outline& outline, std::int64_t most_keys) const;
  void flip(Draw& draw, Outline& outline, const Trait& condition) const;

  std::deque<Outline> accepted_;  // the first ones, and the latest
  std::array<Decided, kFeatures> with_{}, without_{};
  std::array<Decided, 3> causal_{};  // none, top-left, bottom-right
  std::map<DTypePair, Decided> dtypes_;
  std::array<Decided, kLengthwise> lengthwise_{};
  std::array<ExtentObservations, kAxes> extents_;
  std::set<std::pair<std::int64_t, std::int64_t>> unequal_, unequal_declined_;  // {qk_dim, v_dim}
  std::vector<std::pair<Trait, Trait>> apart_;
  std::vector<ConditionalExtent> conditional_;
};

}  // namespace attest::check
