// Proof that a kernel's results are those of a fault, to within the error of every kernel that has it.
#pragma once

#include <cstdint>
#include <optional>

#include "faults/diagnosis/diagnose.hpp"
#include "faults/diagnosis/witness.hpp"

namespace attest {

/// One row against the contract's error bound around what a hypothesis gives exactly there.
enum class RowStanding : std::uint8_t {
  silent,     ///< nothing is known: a kernel may overflow, inputs are not finite, or the signature is a guess
  within,     ///< every element of which the bound says something
  undecided,  ///< some element is too near the bound for what is known of the exact value
  outside,    ///< some element is further away than any kernel that has the fault can be
};

/// `changed` is faulty_problem(evidence.problem, hypothesis). KernelFault::none is the correct kernel.
RowStanding standing_under(const Evidence& evidence, const ContractSet& contract,
                           const std::optional<Problem>& changed, const Hypothesis& hypothesis,
                           const Witness& row);

}  // namespace attest
