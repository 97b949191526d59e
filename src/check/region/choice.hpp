// What a choice of an outline is about.
#pragma once

#include <cstdint>

#include "check/region/axis.hpp"
#include "check/region/difference.hpp"

namespace attest::check {

enum class CausalKind : std::uint8_t { none, top_left, bottom_right };

inline CausalKind causal_of(const Outline& o) {
  if (o.options.has(Feature::causal_top_left)) return CausalKind::top_left;
  return o.options.has(Feature::causal_bottom_right) ? CausalKind::bottom_right : CausalKind::none;
}

/// Whether the choice is one of the axis' extents.
inline bool is_about(Axis axis, const Atom& atom) {
  switch (atom.kind) {
    case Atom::Kind::batch:
      return axis == Axis::batch;
    case Atom::Kind::kv_heads:
      return axis == Axis::kv_heads;
    case Atom::Kind::group:
      return axis == Axis::group;
    case Atom::Kind::lengths:
      return axis >= Axis::square_len && axis <= Axis::kv_len;
    case Atom::Kind::dims:
      return axis == Axis::dim;
    default:
      return false;
  }
}

}  // namespace attest::check
