#include <algorithm>

#include "check/region/region.hpp"
#include "check/shrink/shrink_steps.hpp"
#include "laws/inputs/edit.hpp"

namespace attest::check {
namespace {

using Indices = std::vector<std::int64_t>;
using Part = Problem (*)(const Problem&, const Indices&);

constexpr std::int64_t kOneByOne =
    16;  // extents up to this lose any single index, longer ones only at their ends

Indices range(std::int64_t from, std::int64_t to) {
  Indices indices;
  for (std::int64_t i = from; i < to; ++i) indices.push_back(i);
  return indices;
}

Indices without(std::int64_t extent, std::int64_t from, std::int64_t count) {
  Indices kept = range(0, from);
  for (std::int64_t i = from + count; i < extent; ++i) kept.push_back(i);
  return kept;
}

// Parts of an axis to keep, smallest first, then ever smaller losses.
std::vector<Indices> parts_of(std::int64_t extent) {
  std::vector<Indices> parts;
  if (extent <= 1) return parts;
  for (const std::int64_t few : {1, 2, 3}) {
    if (few >= extent) break;
    parts.push_back(range(0, few));
    parts.push_back(range(extent - few, extent));
  }
  for (std::int64_t loss = extent / 2; loss >= 1; loss /= 2) {
    parts.push_back(without(extent, extent - loss, loss));
    parts.push_back(without(extent, 0, loss));
    if (loss > 1 && loss < extent / 2) parts.push_back(without(extent, extent / 2 - loss / 2, loss));
  }
  if (extent <= kOneByOne) {
    for (std::int64_t i = 1; i + 1 < extent; ++i) parts.push_back(without(extent, i, 1));
  }
  return parts;
}

// The smallest extents that a kernel with few of them takes, and the next one below.
std::vector<Indices> parts_within(const ExtentSet& extents, std::int64_t extent) {
  constexpr std::size_t kSmallest = 3;
  std::vector<Indices> parts;
  if (extents.is_any()) return parts;
  std::vector<std::int64_t> counts = extents.smallest(kSmallest);
  for (const std::int64_t below : {extent / 2, extent - 1})
    counts.push_back(extents.floor(below).value_or(0));
  for (const std::int64_t count : counts) {
    if (count < 1 || count >= extent) continue;
    parts.push_back(range(0, count));
    parts.push_back(range(extent - count, extent));
  }
  return parts;
}

void add_axis(std::int64_t extent, Part part, ShrinkSteps& steps) {
  for (Indices& indices : parts_of(extent)) {
    steps.emplace_back(
        [part, kept = std::move(indices)](const Problem& p) { return std::optional(part(p, kept)); });
  }
}

// A query and the last key together: causal positions and tile edges stay where they are.
Problem without_last_rows(const Problem& p, const Indices& kept) {
  return laws::with_queries(laws::with_keys(p, kept), kept);
}

Problem with_both_dims(const Problem& p, const Indices& kept) {
  return laws::with_v_dims(laws::with_qk_dims(p, kept), kept);
}

}  // namespace

void add_shape_steps(const Problem& p, const Region* region, ShrinkSteps& steps) {
  const auto add = [&](std::int64_t extent, Part part, Axis axis) {
    if (region != nullptr) {
      for (Indices& indices : parts_within(region->extents(axis).set(), extent)) {
        steps.emplace_back(
            [part, kept = std::move(indices)](const Problem& q) { return std::optional(part(q, kept)); });
      }
    }
    add_axis(extent, part, steps);
  };
  add(p.batch(), laws::with_batches, Axis::batch);
  add(p.kv_heads(), laws::with_kv_heads, Axis::kv_heads);
  add(p.q_heads() / p.kv_heads(), laws::with_group_members, Axis::group);
  if (p.qk_dim() == p.v_dim()) add(p.qk_dim(), with_both_dims, Axis::dim);
  add_axis(p.qk_dim(), laws::with_qk_dims, steps);
  add_axis(p.v_dim(), laws::with_v_dims, steps);
  if (p.q_len() == p.kv_len()) add(p.q_len(), without_last_rows, Axis::square_len);
  add(p.q_len(), laws::with_queries, Axis::q_len);
  add(p.kv_len(), laws::with_keys, p.q_len() == 1 ? Axis::decode_kv_len : Axis::kv_len);
}

}  // namespace attest::check
