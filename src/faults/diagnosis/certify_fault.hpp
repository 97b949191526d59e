// Certifies that a kernel's results are those of a fault, within the error bound of a kernel with that fault.
#pragma once

#include <cstdint>
#include <optional>

#include "faults/diagnosis/diagnose.hpp"
#include "faults/diagnosis/sampled_rows.hpp"
#include "faults/signatures/row/seen_rows.hpp"

namespace attest::faults {

/// How one row compares with the contract's error bound around the exact result of a hypothesis.
enum class RowStanding : std::uint8_t {
  silent,     ///< unknown: a kernel may overflow, inputs are not finite, or the signature is only an estimate
  within,     ///< every element with an informative bound is within it
  undecided,  ///< some element is too close to the bound to decide
  outside,    ///< some element is farther away than any kernel with the fault can be
};

/// `changed` is faulty_problem(evidence.problem, hypothesis), and `rows` are of evidence.problem.
/// KernelFault::none is the correct kernel.
RowStanding standing_under(const Evidence& evidence, const oracle::ContractSet& contract,
                           const std::optional<Problem>& changed, const Hypothesis& hypothesis,
                           const SampledRow& row, SeenRows& rows);

}  // namespace attest::faults
