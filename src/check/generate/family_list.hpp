// The function of each family that families.def lists. Each family's file explains its choice of inputs.
#pragma once

#include "check/generate/families.hpp"

namespace attest::check {

#define FAMILY(id) Family id##_family();
#include "check/generate/families.def"

}  // namespace attest::check
