// Every theorem: one a file, listed in theorems.def.
#pragma once

#include <vector>

#include "prove/theorem.hpp"

namespace attest::proofs {

/// All of them, in the order of the report.
const std::vector<prove::Theorem>& theorems();

#define THEOREM(id) prove::Theorem id();
#include "theorems.def"

}  // namespace attest::proofs
