// Exact results and bounds of whole problems, as arrays.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nanobind/nanobind.h>

#include "oracle/contract/contract.hpp"
#include "problem/problem.hpp"

namespace attest::python {

/// Row-major like out and lse. Where no statement is possible, `out` is NaN and `radius` infinite: inputs
/// that are not finite.
struct Certificates {
  std::vector<double> out, radius;      ///< the exact result is within radius of out
  std::vector<double> lse, lse_radius;  ///< the same
  /// How far from `out` and `lse` a correct kernel can be. Infinite where it may be anywhere.
  std::vector<double> bound, lse_bound;
};

/// Whether the bounds are as sharp as those of a judgement, which takes some 20 times as long.
enum class Bounds : std::uint8_t { coarse, sharp };

/// Rows with no visible key have radius 0 and bound 0. Precondition: why_invalid(problem) is empty.
Certificates certify_all(const Problem& problem, const oracle::ContractSet& contract, Bounds bounds,
                         unsigned threads);

/// The contract for a problem. Throws std::invalid_argument for one that does not parse or does not fit.
oracle::ContractSet contract_of(const Problem& problem, const std::string& declared);

void add_certify(nanobind::module_& m);

}  // namespace attest::python
