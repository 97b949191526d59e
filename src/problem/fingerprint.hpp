// What a fingerprint takes of problems and results.
#pragma once

#include "numerics/fingerprint.hpp"
#include "problem/problem.hpp"

namespace attest {

/// Every member, tensors as they lie in memory: the same elements in another layout count as others.
void add_to(Fingerprinter& print, const Problem& problem);
void add_to(Fingerprinter& print, const Result& result);

}  // namespace attest
