// Attention as people compare kernels with it: one operation after the other, without tiles.
#pragma once

#include <vector>

#include "oracle/definition/row.hpp"
#include "problem/dtype.hpp"

namespace attest::check {

/// The row's output, where scores, P and output go through memory in `type` and sums are f64. In f64 it is
/// what suites call the exact reference. A row without a key, and one with a sink, give as the ABI says.
std::vector<double> unfused_output(const oracle::Row& row, DType type);

}  // namespace attest::check
