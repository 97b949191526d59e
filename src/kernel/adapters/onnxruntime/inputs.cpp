#include "kernel/adapters/onnxruntime/inputs.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace attest::kernel::onnxruntime {
namespace {

std::byte* at(Array& array, std::int64_t index) {
  return array.data.data() + static_cast<std::size_t>(index) * size_of(array.element);
}

template <class Integer>
void put(Array& array, std::int64_t index, Integer value) {
  std::memcpy(at(array, index), &value, sizeof value);
}

// Stores the value; whether the dtype holds it exactly.
bool put_real(Array& array, DType dtype, std::int64_t index, double value) {
  encode(dtype, value, at(array, index));
  return decode(dtype, at(array, index)) == value;
}

// The index of element (b, h, l, d) in a dense array of this layout.
std::int64_t dense(Layout layout, const std::array<std::int64_t, 4>& shape, std::int64_t b, std::int64_t h,
                   std::int64_t l) {
  const std::int64_t row =
      layout == Layout::bhld ? (b * shape[1] + h) * shape[2] + l : (b * shape[2] + l) * shape[1] + h;
  return row * shape[3];
}

template <class Each>
void for_each_row(const std::array<std::int64_t, 4>& shape, const Each& each) {
  for (std::int64_t b = 0; b < shape[0]; ++b) {
    for (std::int64_t h = 0; h < shape[1]; ++h) {
      for (std::int64_t l = 0; l < shape[2]; ++l) each(b, h, l);
    }
  }
}

// Calls each(index, b, h, i, j) for every score of a mask, in row-major order.
template <class Each>
void for_each_score(const Request& r, const MaskExtent& extent, const Each& each) {
  std::int64_t index = 0;
  for_each_row({extent.batch, extent.heads, r.q_len, extent.keys},
               [&](std::int64_t b, std::int64_t h, std::int64_t i) {
                 for (std::int64_t j = 0; j < extent.keys; ++j) each(index++, b, h, i, j);
               });
}

}  // namespace

Element element_of(DType dtype) {
  switch (dtype) {
    case DType::f64:
      return Element::f64;
    case DType::f16:
      return Element::f16;
    case DType::bf16:
      return Element::bf16;
    default:
      return Element::f32;
  }
}

Array rows(const View& tensor, const std::vector<std::int64_t>& first, std::int64_t count, Layout layout) {
  const std::array<std::int64_t, 4> shape{tensor.shape[0], tensor.shape[1], count, tensor.shape[3]};
  const Element element = element_of(tensor.dtype);
  Array array = layout == Layout::bhld ? make_array(element, {shape.begin(), shape.end()})
                                       : make_array(element, {shape[0], count, shape[1] * shape[3]});
  for_each_row(shape, [&](std::int64_t b, std::int64_t h, std::int64_t l) {
    const std::int64_t from = first[static_cast<std::size_t>(b)] + l;
    tensor.copy_row(b, h, from, at(array, dense(layout, shape, b, h, l)));
  });
  return array;
}

Array rows(const View& tensor, std::int64_t begin, std::int64_t end, Layout layout) {
  return rows(tensor, std::vector<std::int64_t>(static_cast<std::size_t>(tensor.shape[0]), begin),
              end - begin, layout);
}

Array rows(const View& tensor, Layout layout) { return rows(tensor, 0, tensor.shape[2], layout); }

void store(const Array& result, Layout layout, const DLTensor& out) {
  const std::array<std::int64_t, 4> shape{out.shape[0], out.shape[1], out.shape[2], out.shape[3]};
  const std::size_t item = size_of(result.element);
  auto* base = static_cast<std::byte*>(out.data) + out.byte_offset;
  for_each_row(shape, [&](std::int64_t b, std::int64_t h, std::int64_t l) {
    const std::int64_t from = dense(layout, shape, b, h, l);
    const std::int64_t to = b * out.strides[0] + h * out.strides[1] + l * out.strides[2];
    for (std::int64_t d = 0; d < shape[3]; ++d) {
      std::memcpy(base + static_cast<std::size_t>(to + d * out.strides[3]) * item,
                  result.data.data() + static_cast<std::size_t>(from + d) * item, item);
    }
  });
}

MaskExtent mask_extent(const Request& r) {
  return {std::max(r.bias ? r.bias->shape[0] : 1, r.mask ? r.mask->shape[0] : 1),
          std::max(r.bias ? r.bias->shape[1] : 1, r.mask ? r.mask->shape[1] : 1), r.kv_len};
}

Array bool_mask(const Request& r, const MaskExtent& extent, const Sees& sees) {
  Array array = make_array(Element::boolean, {extent.batch, extent.heads, r.q_len, extent.keys});
  for_each_score(r, extent,
                 [&](std::int64_t to, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) {
                   put<std::uint8_t>(array, to, sees(b, h, i, j) ? 1 : 0);
                 });
  return array;
}

Array int_mask(const Request& r, const MaskExtent& extent, const Sees& sees) {
  Array array = make_array(Element::i32, {extent.batch, r.q_len, extent.keys});
  for_each_score(r, {extent.batch, 1, extent.keys},
                 [&](std::int64_t to, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) {
                   put<std::int32_t>(array, to, sees(b, h, i, j) ? 1 : 0);
                 });
  return array;
}

std::optional<Array> float_mask(const Request& r, const MaskExtent& extent, const Sees& sees) {
  Array array = make_array(element_of(r.q.dtype), {extent.batch, extent.heads, r.q_len, extent.keys});
  bool exact = true;
  for_each_score(r, extent,
                 [&](std::int64_t to, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) {
                   const double value = !sees(b, h, i, j) ? -HUGE_VAL : r.bias ? r.bias->at(b, h, i, j) : 0;
                   exact = put_real(array, r.q.dtype, to, value) && exact;
                 });
  if (!exact) return std::nullopt;
  return array;
}

Array integers(Element element, const std::vector<std::int64_t>& values, std::vector<std::int64_t> shape) {
  Array array = make_array(element, std::move(shape));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto index = static_cast<std::int64_t>(i);
    if (element == Element::i64) put<std::int64_t>(array, index, values[i]);
    if (element == Element::i32) put<std::int32_t>(array, index, static_cast<std::int32_t>(values[i]));
  }
  return array;
}

std::optional<Array> reals(DType dtype, const std::vector<double>& values) {
  Array array = make_array(element_of(dtype), {static_cast<std::int64_t>(values.size())});
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!put_real(array, dtype, static_cast<std::int64_t>(i), values[i])) return std::nullopt;
  }
  return array;
}

}  // namespace attest::kernel::onnxruntime
