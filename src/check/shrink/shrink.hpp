// Smaller and simpler problems to try in place of a failing one.
#pragma once

#include <cstdint>
#include <memory>

#include <rapidcheck/Seq.h>

#include "problem/problem.hpp"

namespace attest::check {

class Region;

/// Where shrinking stays: extents that the region has are tried first, and what it does not admit is left
/// out. Null: anywhere.
struct ShrinkRegion {
  std::shared_ptr<const Region> region{};
  std::shared_ptr<std::int64_t> left_out{};  ///< counts the steps that were; may be null
};

/// The largest steps first: extents of 0 become 1, all features go at once, batches, heads, rows and keys
/// (halves, then parts, then one by one), dims, features dropped or made plain, layouts contiguous, dtypes
/// f32, scale 1, then values to 0, 1 and small integers (whole tensors, halves, single elements of small
/// tensors). Every step is strictly simpler, so that shrinking ends; every problem satisfies why_invalid if
/// the given one does.
rc::Seq<Problem> shrinks_of(const Problem& problem, const ShrinkRegion& within = {});

}  // namespace attest::check
