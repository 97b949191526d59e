// Every theorem: one a file, listed in theorems.def.
#pragma once

#include <vector>

#include "prove/theorem.hpp"

namespace attest {

/// All of them, in the order of the report.
const std::vector<Theorem>& theorems();

#define THEOREM(id) Theorem id();
#include "theorems.def"

}  // namespace attest
