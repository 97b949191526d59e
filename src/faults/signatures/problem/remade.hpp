// Tensors of a problem made anew, element by element.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "problem/problem.hpp"

namespace attest {

using ElementOf = std::function<double(std::int64_t b, std::int64_t g, std::int64_t j, std::int64_t c)>;

/// Packed, of rank 4.
Tensor remade(DType dtype, std::vector<std::int64_t> shape, const ElementOf& element);

/// The problem with these keys and values, in f64.
Problem with_keys_and_values(const Problem& problem, const ElementOf& key, const ElementOf& value);
Problem with_keys(const Problem& problem, const ElementOf& key);
Problem with_values(const Problem& problem, const ElementOf& value);

/// The element that lies so many elements after the tensor's first, counted modulo those that are stored.
double stored_element(const Tensor& tensor, std::int64_t at);
/// The element that a packed tensor of this shape would have there; axes of extent 1 take any index.
double element_as_packed(const Tensor& tensor, std::int64_t b, std::int64_t h, std::int64_t i,
                         std::int64_t c);
/// Elements from one index of the axis to the next; 0 where its extent is 1.
std::int64_t stride_of(const Tensor& tensor, std::size_t axis);

}  // namespace attest
