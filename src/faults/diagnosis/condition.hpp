// Faults that a kernel has in a part of what it accepts.
#pragma once

#include <string>
#include <vector>

#include "faults/diagnosis/diagnose.hpp"

namespace attest::faults {

/// For evidence that no fault explains everywhere: a fault that explains every problem inside a condition (a
/// dtype, a head dim, lengths that are no multiple of a tile), where the kernel is right in every problem
/// outside. Only certified faults count, and only conditions with problems of both kinds. Problems outside
/// the condition do not refute the fault. Empty: there is none.
std::vector<Diagnosis> diagnose_in_part(const std::vector<Evidence>& evidence,
                                        const std::vector<const oracle::ContractSet*>& contracts);

}  // namespace attest::faults
