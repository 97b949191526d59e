// One declaration per family. Each family's file explains its choice of inputs.
#pragma once

#include "check/generate/families.hpp"

namespace attest {

Family shapes_family();
Family scores_family();
Family values_family();
Family leaks_family();
Family lattice_family();
Family bit_patterns_family();
Family structured_family();
Family counterexamples_family();
Family huge_scores_family();
Family rows_apart_family();
Family rows_before_family();

}  // namespace attest
