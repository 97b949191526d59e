#include "kernel/adapters/onnxruntime/contrib_masks.hpp"

#include <algorithm>

#include "kernel/adapters/onnxruntime/inputs.hpp"

namespace attest::kernel::onnxruntime {
namespace {

bool per_head_mask(const Request& r) { return r.mask && r.mask->shape[1] > 1; }

}  // namespace

std::optional<Array> integer_mask(const Request& r, std::int64_t keys, std::int64_t past, bool own_causal) {
  const bool headless_mask = r.mask && !per_head_mask(r);
  const bool folded_causal = r.causal() && !own_causal;
  if (!headless_mask && !r.windowed() && !folded_causal && (!r.padded || past == 0)) {
    if (!r.padded) return std::nullopt;
    std::vector<std::int64_t> lens = r.lens;
    for (std::int64_t& n : lens) n = std::min(n, keys);
    return integers(Element::i32, lens, {r.batch});
  }
  return int_mask(r, {r.batch, 1, keys}, [&](std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) {
    return j < r.lens[static_cast<std::size_t>(b)] && r.in_window(b, i, j) &&
           (own_causal || r.before(b, i, j)) && (!headless_mask || r.mask->at(b, h, i, j) != 0);
  });
}

bool needs_bias(const Request& r) { return r.bias || per_head_mask(r); }

std::optional<Array> additive_bias(const Request& r, std::int64_t keys) {
  MaskExtent extent = mask_extent(r);
  extent.keys = keys;
  return float_mask(r, extent, [&](std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) {
    return !per_head_mask(r) || r.mask->at(b, h, i, j) != 0;
  });
}

}  // namespace attest::kernel::onnxruntime
