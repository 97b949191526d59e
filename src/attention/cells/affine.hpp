// Linear recurrences, h -> a h + b: what retention, WKV and the selective scan have in common.
//
// A segment of tokens does to the state what one affine map does, and two segments in turn are
//
//     (a1, b1) then (a2, b2)  =  (a1 a2, a2 b1 + b2)
//
// which is associative: segments may be scanned in any bracketing, side by side (Blelloch 1990). From h = 0 a
// segment leaves b.
#pragma once

#include <cstddef>
#include <vector>

#include "attention/dot.hpp"

namespace attest::attention {

/// The map of a segment of tokens, component by component.
template <semantics::Semantics A, class Storage = std::vector<typename A::Acc>>
struct Affine {
  Storage a;
  Storage b;
};

/// The state after the segment `map`, component by component. Allocates nothing.
template <semantics::Semantics A, class Storage, class State>
void apply(const A& k, const Affine<A, Storage>& map, State& h) {
  for (std::size_t n = 0; n < h.size(); ++n) h[n] = k.add(k.mul(h[n], map.a[n]), map.b[n]);
}

/// `first` becomes the map of both segments, `then` coming after it. Allocates nothing.
template <semantics::Semantics A, class Storage, class Other>
void chain_into(const A& k, Affine<A, Storage>& first, const Affine<A, Other>& then) {
  apply(k, then, first.b);
  for (std::size_t n = 0; n < first.a.size(); ++n) first.a[n] = k.mul(first.a[n], then.a[n]);
}

}  // namespace attest::attention
