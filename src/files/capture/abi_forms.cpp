#include "files/capture/abi_forms.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "files/capture/heads.hpp"
#include "files/problem_archive.hpp"
#include "problem/inputs.hpp"

namespace attest::files {
namespace {

using Shape = std::vector<std::int64_t>;

const Tensor* tensor_of(const TensorArchive& archive, const char* name) {
  const auto found = archive.tensors.find(name);
  return found == archive.tensors.end() ? nullptr : &found->second;
}

// [batch, q_heads, q_len, kv_len]; none where q and k do not say.
std::optional<Shape> scores_of(const TensorArchive& archive) {
  const Tensor* q = tensor_of(archive, "q");
  const Tensor* k = tensor_of(archive, "k");
  if (q == nullptr || k == nullptr || q->rank() != 4 || k->rank() != 4) return std::nullopt;
  const AxisOrder order = axis_order_of(archive);
  const Shape rows = reordered(*q, order).shape();
  return Shape{rows[0], rows[1], rows[2], reordered(*k, order).dim(2)};
}

// Four axes, of which the last is kv_len. No element moves.
Tensor broadcast(const std::string& name, const Tensor& tensor, const Shape& scores) {
  const std::size_t missing = scores.size() - std::min(tensor.rank(), scores.size());
  Shape shape(missing, 1);
  Shape strides(missing, 0);
  shape.insert(shape.end(), tensor.shape().begin(), tensor.shape().end());
  strides.insert(strides.end(), tensor.strides().begin(), tensor.strides().end());
  bool fits = shape.size() == scores.size();
  for (std::size_t axis = 0; fits && axis < shape.size(); ++axis)
    fits = shape[axis] == 1 || shape[axis] == scores[axis];
  if (!fits) {
    throw FileFormatError(
        fmt::format("{} has shape [{}], which does not broadcast to [batch, q_heads, q_len, kv_len] = [{}]",
                    name, fmt::join(tensor.shape(), ", "), fmt::join(scores, ", ")));
  }
  if (shape.back() != scores.back()) {
    shape.back() = scores.back();
    strides.back() = 0;
  }
  if (tensor.count() == 0 || scores.back() == 0) return {tensor.dtype(), std::move(shape)};
  Tensor made(tensor.dtype(), std::move(shape), std::move(strides));
  made.bytes() = tensor.bytes();
  return made;
}

// In a dtype that holds every value.
Tensor converted(const std::string& name, const Tensor& tensor, DType dtype) {
  const std::vector<double> values = tensor.values();
  for (const double x : values) {
    if (representable(dtype, x) == x || x != x) continue;
    if (dtype == DType::u8)
      throw FileFormatError(fmt::format("{} holds {}; only 0 and 1 are values of a mask", name, x));
    throw FileFormatError(
        fmt::format("{} holds {}, which {} does not hold; store it as the program used it, rounded", name, x,
                    name_of(dtype)));
  }
  Tensor made(dtype, tensor.shape());
  made.assign(values);
  return made;
}

bool is_wide(const TensorArchive& archive) {
  const Tensor* q = tensor_of(archive, "q");
  const Tensor* out = tensor_of(archive, "out");
  return (q != nullptr && q->dtype() == DType::f64) || (out != nullptr && out->dtype() == DType::f64);
}

Tensor in_abi_type(const Input& input, const Tensor& tensor, bool wide) {
  const std::string name(input.name);
  const bool is_float = is_floating(tensor.dtype());
  if (input.values == InputValues::bits && is_float) {
    throw FileFormatError(
        fmt::format("{} is {}, must be bool or integers; a mask that is added to scores is called bias", name,
                    name_of(tensor.dtype())));
  }
  if (input.values == InputValues::lengths && is_float)
    throw FileFormatError(fmt::format("{} is {}, must be integers", name, name_of(tensor.dtype())));
  const bool bias = input.per_score() && input.values == InputValues::additive;
  if (bias && wide && tensor.dtype() == DType::f64) return tensor;
  return tensor.dtype() == *input.dtype ? tensor : converted(name, tensor, *input.dtype);
}

}  // namespace

void to_abi_forms(TensorArchive& archive) {
  split_heads(archive);
  const bool wide = is_wide(archive);
  const std::optional<Shape> scores = scores_of(archive);
  for (const Input& input : optional_inputs()) {
    const std::string name(input.name);
    const auto found = archive.tensors.find(name);
    if (found == archive.tensors.end()) continue;
    found->second = in_abi_type(input, found->second, wide);
    if (input.per_score() && scores) found->second = broadcast(name, found->second, *scores);
  }
}

}  // namespace attest::files
