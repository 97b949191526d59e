#include <algorithm>

#include "check/explore/changed.hpp"
#include "check/explore/explorer.hpp"

namespace attest::check {
namespace {

constexpr std::int64_t kLongest = 1024;  // keys, of a question about the step of lengths
constexpr int kRefinements = 10;

using Extents = std::vector<std::int64_t>;

}  // namespace

void Explorer::ask_dims() {
  const Outline from = base();
  std::vector<Outline> outlines;
  for (const std::int64_t d : options_.lean
                                  ? Extents{33, 64, 128}
                                  : Extents{1, 3, 8, 16, 33, 40, 64, 72, 80, 96, 128, 192, 256, 512})
    outlines.push_back(with_dims(from, d, d));
  ask_all(from, outlines);
  if (from.shape.qk_dim == from.shape.v_dim)
    refine(Axis::dim, 1, from, [&](std::int64_t d) { return with_dims(from, d, d); });
  outlines.clear();
  const ExtentSet& dims = region_.extents(Axis::dim).set();
  for (const auto& [qk, v] : {std::pair{64, 128}, {128, 64}, {192, 128}, {576, 512}, {40, 24}, {16, 64}}) {
    const bool usual = (qk == 192 || qk == 576);
    if (usual || (dims.contains(qk) && dims.contains(v))) outlines.push_back(with_dims(from, qk, v));
  }
  if (options_.lean && outlines.size() > 2) outlines.resize(2);
  ask_all(from, outlines);
}

void Explorer::ask_lengths() {
  const Outline from = light();
  const std::int64_t n = std::max<std::int64_t>(from.shape.kv_len, 16);
  ask_all(from, {with_lengths(from, n, n), with_lengths(from, 1, n), with_lengths(from, n, 2 * n),
                 with_lengths(from, 2 * n, n)});
  const bool lean = options_.lean;
  const Extents few = lean ? Extents{1, 33, 64} : Extents{1, 3, 17, 33, 64, 100, 129, 192, 256};
  along(Lengthwise::square, Axis::square_len, 1, few, from,
        [&](std::int64_t m) { return with_lengths(from, m, m); });
  const Extents keys = lean ? Extents{33, 256} : Extents{3, 17, 64, 100, 129, 192, 256, 512, 1000};
  along(Lengthwise::decode, Axis::decode_kv_len, 2, keys, from,
        [&](std::int64_t m) { return with_lengths(from, 1, m); });
  const Extents above = lean ? Extents{n + 1, 2 * n + 1} : Extents{n + 1, n + 2, 3 * n, 4 * n, 2 * n + 44};
  const Extents below = lean ? Extents{33} : Extents{3, 17, 33, 64, 100};
  if (region_.decided(Lengthwise::more_keys) == Region::Decided::accepted) {
    along(Lengthwise::more_keys, Axis::kv_len, n + 1, above, with_lengths(from, n, 2 * n),
          [&](std::int64_t m) { return with_lengths(from, n, m); });
    along(Lengthwise::more_keys, Axis::q_len, 2, below, with_lengths(from, n, 2 * n),
          [&](std::int64_t m) { return with_lengths(from, m, 2 * n); });
  } else {
    along(Lengthwise::more_queries, Axis::q_len, n + 1, above, with_lengths(from, 2 * n, n),
          [&](std::int64_t m) { return with_lengths(from, m, n); });
    along(Lengthwise::more_queries, Axis::kv_len, 1, below, with_lengths(from, 2 * n, n),
          [&](std::int64_t m) { return with_lengths(from, 2 * n, m); });
  }
}

// Values of one axis, then those that tell its rule from a narrower one. Each is asked next to a problem
// with the value that the axis is known to take.
template <class Make>
void Explorer::along(Lengthwise lengthwise, Axis axis, std::int64_t least,
                     const std::vector<std::int64_t>& values, const Outline& like, Make make) {
  if (region_.decided(lengthwise) != Region::Decided::accepted) return;
  const Outline* found = nearest_of(lengthwise, like);
  if (found == nullptr) return;
  const Outline from = *found;
  std::vector<Outline> outlines;
  for (const std::int64_t n : values) {
    const Outline to = make(n);
    if (lengthwise_of(to.shape.q_len, to.shape.kv_len) == lengthwise) outlines.push_back(to);
  }
  ask_all(from, outlines);
  refine(axis, least, from, make);
}

const Outline* Explorer::nearest_of(Lengthwise lengthwise, const Outline& like) const {
  const Outline* found = region_.nearest(like);
  if (found == nullptr) return nullptr;
  return lengthwise_of(found->shape.q_len, found->shape.kv_len) == lengthwise ? found
                                                                              : accepted_of(lengthwise);
}

const Outline* Explorer::accepted_of(Lengthwise lengthwise) const {
  const std::int64_t n = std::max<std::int64_t>(base().shape.kv_len, 16);
  switch (lengthwise) {
    case Lengthwise::square:
      return region_.nearest(with_lengths(base(), n, n));
    case Lengthwise::decode:
      return region_.nearest(with_lengths(base(), 1, n));
    case Lengthwise::more_keys:
      return region_.nearest(with_lengths(base(), n, 2 * n));
    default:
      return region_.nearest(with_lengths(base(), 2 * n, n));
  }
}

template <class Make>
void Explorer::refine(Axis axis, std::int64_t least, const Outline& from, Make make) {
  for (int i = 0; i < kRefinements && !options_.lean; ++i) {
    const auto next = region_.extents(axis).next_question(least, kLongest);
    if (!next) return;
    const std::size_t seen =
        region_.extents(axis).accepted().size() + region_.extents(axis).declined().size();
    ask(from, make(*next));
    if (region_.extents(axis).accepted().size() + region_.extents(axis).declined().size() == seen) return;
  }
}

void Explorer::ask_heads() {
  const Outline from = light();
  std::vector<Outline> outlines;
  const auto add = [&](std::int64_t batch, std::int64_t kv_heads, std::int64_t group) {
    Outline outline = from;
    outline.shape.batch = batch;
    outline.shape.kv_heads = kv_heads;
    outline.shape.q_heads = kv_heads * group;
    if (!(outline == from)) outlines.push_back(outline);
  };
  const std::int64_t group = from.shape.q_heads / from.shape.kv_heads;
  for (const std::int64_t batch : options_.lean ? Extents{2} : Extents{1, 2, 3, 16})
    add(batch, from.shape.kv_heads, group);
  for (const std::int64_t heads : options_.lean ? Extents{2} : Extents{1, 2, 3, 8})
    add(from.shape.batch, heads, group);
  for (const std::int64_t g : options_.lean ? Extents{1, 2} : Extents{1, 2, 3, 8, 24})
    add(from.shape.batch, from.shape.kv_heads, g);
  ask_all(from, outlines);
}

Outline Explorer::light() const {
  Outline outline = base();
  if (outline.shape.qk_dim != outline.shape.v_dim) return outline;
  for (const std::int64_t d : {8, 16, 32}) {
    if (region_.extents(Axis::dim).accepted().count(d) == 0 || d > outline.shape.qk_dim) continue;
    return with_dims(outline, d, d);
  }
  return outline;
}

}  // namespace attest::check
