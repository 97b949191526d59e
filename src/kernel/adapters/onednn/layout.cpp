#include "kernel/adapters/onednn/layout.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>

namespace attest::kernel {
namespace {

using Dims = dnnl::memory::dims;

dnnl::memory::data_type type_of(const DLTensor& tensor) {
  return tensor.dtype.code == kDLBfloat ? dnnl::memory::data_type::bf16 : dnnl::memory::data_type::f32;
}

// An axis of extent 1 is never stepped along, but its stride still decides which kernels oneDNN selects.
void tidy_unit_axes(StridedView& view) {
  std::int64_t dense = 1;
  for (std::size_t axis = view.dims.size(); axis-- > 0;) {
    if (view.dims[axis] == 1) view.strides[axis] = dense;
    dense = std::max(dense, view.strides[axis] * std::max<std::int64_t>(view.dims[axis], 1));
  }
}

// Strides that oneDNN's descriptors express and its optimised matmuls take: one contiguous matrix axis (the
// last for a destination). 2.6 accepts a stride of 0 without saying what it means, and computes other layouts
// by a reference kernel that is a thousand times slower.
bool suits_matmul(const StridedView& view, bool destination) {
  if (view.count() == 0) return true;
  if (std::any_of(view.strides.begin(), view.strides.end(), [](std::int64_t s) { return s <= 0; }))
    return false;
  const std::int64_t last = view.strides.back();
  const std::int64_t before_last = view.strides.rbegin()[1];
  if (last != 1 && (destination || before_last != 1)) return false;
  return dnnl::memory::desc(view.dims, view.type, view.strides, true).data.ndims != 0;
}

void copy_elements(const StridedView& from, const StridedView& to, std::size_t axis, std::int64_t from_at,
                   std::int64_t to_at) {
  const std::size_t size = from.element_size();
  for (std::int64_t i = 0; i < from.dims[axis]; ++i) {
    const std::int64_t source = from_at + i * from.strides[axis];
    const std::int64_t target = to_at + i * to.strides[axis];
    if (axis + 1 < from.dims.size()) {
      copy_elements(from, to, axis + 1, source, target);
    } else {
      std::memcpy(to.data + target * static_cast<std::int64_t>(size),
                  from.data + source * static_cast<std::int64_t>(size), size);
    }
  }
}

}  // namespace

std::int64_t StridedView::count() const {
  return std::accumulate(dims.begin(), dims.end(), std::int64_t{1}, std::multiplies<>());
}

Dims dense_strides(const Dims& dims) {
  Dims strides(dims.size(), 1);
  for (std::size_t axis = dims.size() - 1; axis-- > 0;) strides[axis] = strides[axis + 1] * dims[axis + 1];
  return strides;
}

StridedView batches_of(const DLTensor& tensor, std::int64_t first, std::int64_t count, const Dims& heads) {
  StridedView view;
  view.type = type_of(tensor);
  view.data = static_cast<std::byte*>(tensor.data);
  if (view.data != nullptr) {
    view.data += first * tensor.strides[0] * static_cast<std::int64_t>(view.element_size());
  }
  view.dims = {count};
  view.strides = {tensor.strides[0]};
  const Dims within = dense_strides(heads);
  for (std::size_t axis = 0; axis < heads.size(); ++axis) {
    view.dims.push_back(heads[axis]);
    view.strides.push_back(within[axis] * tensor.strides[1]);
  }
  view.dims.insert(view.dims.end(), {tensor.shape[2], tensor.shape[3]});
  view.strides.insert(view.strides.end(), {tensor.strides[2], tensor.strides[3]});
  return view;
}

StridedView shortened(StridedView view, std::size_t axis_from_end, std::int64_t extent) {
  view.dims[view.dims.size() - axis_from_end] = extent;
  return view;
}

StridedView transposed(StridedView view) {
  std::iter_swap(view.dims.rbegin(), view.dims.rbegin() + 1);
  std::iter_swap(view.strides.rbegin(), view.strides.rbegin() + 1);
  return view;
}

Operand::Operand(const StridedView& view, bool destination) : view_(view), caller_(view) {
  tidy_unit_axes(view_);
  if (suits_matmul(view_, destination)) return;
  buffer_.resize(static_cast<std::size_t>(view.count()) * view.element_size());
  view_.strides = dense_strides(view.dims);
  view_.data = buffer_.data();
}

Operand Operand::writing(const StridedView& view) { return {view, true}; }

Operand Operand::reading(const StridedView& view) {
  Operand operand(view, false);
  if (!operand.buffer_.empty()) copy_elements(operand.caller_, operand.view_, 0, 0, 0);
  return operand;
}

dnnl::memory Operand::memory(const dnnl::engine& engine) const {
  return {{view_.dims, view_.type, view_.strides}, engine, view_.data};
}

void Operand::store() const {
  if (!buffer_.empty()) copy_elements(view_, caller_, 0, 0, 0);
}

}  // namespace attest::kernel
