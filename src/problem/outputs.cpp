#include "problem/outputs.hpp"

#include <algorithm>
#include <utility>

namespace attest {
namespace {

constexpr bool each_has_a_row() {
  for (std::size_t name = 0; name < kOutputNames; ++name) {
    const OutputTensor& tensor = tensor_of(static_cast<Output>(name));
    if (index_of(tensor.output) != name || tensor.rank != (tensor.has_channels() ? 4 : 3)) return false;
    if (std::holds_alternative<Tensor Result::*>(tensor.member) != (tensor.wanted == nullptr)) return false;
  }
  return kOutputs.size() == kOutputNames;
}
static_assert(each_has_a_row());

}  // namespace

std::vector<std::int64_t> OutputTensor::shape_in(const Problem& problem) const {
  std::vector<std::int64_t> shape(rank);
  std::transform(axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(rank), shape.begin(),
                 [&](AxisRole role) { return extent_of(problem, role); });
  return shape;
}

std::vector<std::int64_t> OutputTensor::strides_in(const Problem& problem) const {
  const std::vector<std::int64_t>& given = problem.*strides;
  return given.empty() ? row_major_strides(shape_in(problem)) : given;
}

bool same_in_memory(const Result& a, const Result& b) {
  return std::all_of(kOutputs.begin(), kOutputs.end(), [&](const OutputTensor& output) {
    const Tensor *x = output.of(a), *y = output.of(b);
    return x == nullptr || y == nullptr ? x == y : same_in_memory(*x, *y);
  });
}

void OutputTensor::put(Result& result, Tensor tensor) const {
  std::visit([&](auto at) { result.*at = std::move(tensor); }, member);
}

}  // namespace attest
