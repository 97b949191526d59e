// The inputs of an operator, made from a problem's tensors. Every element is copied, never computed: a value
// that the operator's element type cannot hold makes the result nullopt.
#pragma once

#include <functional>
#include <optional>

#include "kernel/adapters/onnxruntime/request.hpp"
#include "kernel/adapters/onnxruntime/session.hpp"

namespace attest::kernel::onnxruntime {

Element element_of(DType dtype);

/// `count` rows of each batch of a [batch, heads, length, dim] tensor, from row first[b] on.
Array rows(const View& tensor, const std::vector<std::int64_t>& first, std::int64_t count, Layout layout);
/// All rows.
Array rows(const View& tensor, Layout layout);
/// Rows [begin, end) of every batch.
Array rows(const View& tensor, std::int64_t begin, std::int64_t end, Layout layout);

/// Undoes `layout`: writes a dense result into a strided [batch, heads, length, dim] tensor.
void store(const Array& result, Layout layout, const DLTensor& out);

/// Whether a row of a batch and head sees a key, as far as a mask has to say so.
using Sees = std::function<bool(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j)>;

/// Extents of a mask: those of its batch and head axes may be 1 (broadcast); it covers the first `keys` keys.
struct MaskExtent {
  std::int64_t batch = 1, heads = 1, keys = 0;
};
/// What the problem's own bias and mask need, over all keys.
MaskExtent mask_extent(const Request& r);

/// Boolean [batch, heads, q_len, keys]; true: takes part.
Array bool_mask(const Request& r, const MaskExtent& extent, const Sees& sees);
/// int32 [batch, q_len, keys], the same for every head; 1: takes part.
Array int_mask(const Request& r, const MaskExtent& extent, const Sees& sees);
/// [batch, heads, q_len, keys] in the problem's element type: its bias (0 without one) where seen, else -inf.
std::optional<Array> float_mask(const Request& r, const MaskExtent& extent, const Sees& sees);

Array integers(Element element, const std::vector<std::int64_t>& values, std::vector<std::int64_t> shape);
std::optional<Array> reals(DType dtype, const std::vector<double>& values);

}  // namespace attest::kernel::onnxruntime
