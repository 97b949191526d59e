// Strides from an order of axes.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace attest::check {

using Extents = std::vector<std::int64_t>;

/// The axes that have a layout: those of more than one element.
std::vector<std::size_t> long_axes(const Extents& shape);
/// Row-major order, from the innermost axis out.
std::vector<std::size_t> reversed_axes(std::size_t rank);
/// Each axis outside the one before it in `order`, with gap() elements between them. Axes that are not in the
/// order have stride 0.
Extents strides_in_order(const Extents& shape, const std::vector<std::size_t>& order,
                         const std::function<std::int64_t()>& gap);

}  // namespace attest::check
