#include "files/axis_order.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "files/tensor_archive.hpp"
#include "problem/quote.hpp"

namespace attest::files {

AxisOrder axis_order_from(const std::string& text) {
  if (text == "bhtd") return AxisOrder::bhtd;
  if (text == "bthd") return AxisOrder::bthd;
  throw FileFormatError(
      fmt::format("layout is '{}', must be bhtd or bthd (batch, heads, length, dim)", quote(text)));
}

std::string name_of(AxisOrder order) { return order == AxisOrder::bthd ? "bthd" : "bhtd"; }

Tensor reordered(const Tensor& tensor, AxisOrder order) {
  if (order == AxisOrder::bhtd || tensor.rank() != 4) return tensor;
  std::vector<std::int64_t> shape = tensor.shape();
  std::vector<std::int64_t> strides = tensor.strides();
  std::swap(shape[1], shape[2]);
  std::swap(strides[1], strides[2]);
  if (tensor.count() == 0) return {tensor.dtype(), std::move(shape)};
  Tensor moved(tensor.dtype(), std::move(shape), std::move(strides));
  moved.bytes() = tensor.bytes();
  return moved;
}

}  // namespace attest::files
