#include "check/generate/layout/axis_order.hpp"

#include <algorithm>

namespace attest::check {

std::vector<std::size_t> long_axes(const Extents& shape) {
  std::vector<std::size_t> axes;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] > 1) axes.push_back(axis);
  }
  return axes;
}

std::vector<std::size_t> reversed_axes(std::size_t rank) {
  std::vector<std::size_t> order;
  for (std::size_t axis = rank; axis-- > 0;) order.push_back(axis);
  return order;
}

Extents strides_in_order(const Extents& shape, const std::vector<std::size_t>& order,
                         const std::function<std::int64_t()>& gap) {
  Extents strides(shape.size(), 0);
  std::int64_t step = 1;
  for (const std::size_t axis : order) {
    step += gap();
    strides[axis] = step;
    step *= std::max<std::int64_t>(1, shape[axis]);
  }
  return strides;
}

}  // namespace attest::check
