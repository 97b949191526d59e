// The questions of explore(), in the order in which they are asked. Each file asks those of one subject.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "check/explore/explore.hpp"

namespace attest::check {

class Explorer {
 public:
  Explorer(Prober& prober, const ExploreOptions& options) : prober_(prober), options_(options) {}

  Region explore();

 private:
  const Outline& base() const { return region_.base(); }
  bool find_base();
  bool is_wanted(const DTypePair& dtypes) const;
  bool takes(const Outline& outline);
  /// One question next to an outline that was taken.
  bool ask(const Outline& from, const Outline& to);
  void ask_all(const Outline& from, const std::vector<Outline>& outlines);

  void ask_dtypes();
  void ask_causality();
  void ask_options();
  /// Where layouts show: several rows, heads and batches, as far as the kernel takes them.
  Outline for_layouts();

  // extents.cpp
  void ask_dims();
  void ask_lengths();
  void ask_heads();
  /// The first problem with as few channels as the kernel takes: questions about lengths and heads cost less.
  Outline light() const;
  template <class Make>
  void along(Lengthwise lengthwise, Axis axis, std::int64_t least, const std::vector<std::int64_t>& values,
             const Outline& like, Make make);
  template <class Make>
  void refine(Axis axis, std::int64_t least, const Outline& from, Make make);
  const Outline* nearest_of(Lengthwise lengthwise, const Outline& like) const;
  const Outline* accepted_of(Lengthwise lengthwise) const;

  // combinations.cpp
  void ask_again();
  std::vector<Outline> elsewhere(const Outline& outline, const Atom& choice) const;
  void ask_together();

  Prober& prober_;
  const ExploreOptions& options_;
  Region region_;
  std::vector<std::pair<Outline, Outline>> declined_;  // after what was taken
};

}  // namespace attest::check
