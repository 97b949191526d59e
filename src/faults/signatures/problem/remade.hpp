// Tensors of a problem made anew, element by element.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "problem/problem.hpp"

namespace attest::faults {

using ElementOf = std::function<double(std::int64_t b, std::int64_t g, std::int64_t j, std::int64_t c)>;

/// Packed, of rank 4.
Tensor remade(DType dtype, std::vector<std::int64_t> shape, const ElementOf& element);

/// The problem with these keys and values, in f64.
Problem with_keys_and_values(const Problem& problem, const ElementOf& key, const ElementOf& value);
Problem with_keys(const Problem& problem, const ElementOf& key);
Problem with_values(const Problem& problem, const ElementOf& value);

}  // namespace attest::faults
