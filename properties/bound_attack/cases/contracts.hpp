// The contracts that are attacked, and kernels that break theirs.
#pragma once

#include <string>
#include <vector>

#include "bound_attack/emulator/emulation.hpp"

namespace attest::attack {

/// Overrides of the presets: every field of Contract appears in one, and the combinations that interact.
const std::vector<std::string>& attacked_overrides();

/// A kernel that keeps one contract, or has one fault, judged against another contract that it exceeds.
struct Twin {
  std::string name;  ///< what the claim leaves out, or what the kernel does too much
  std::string kept, claimed;
  Fault fault = Fault::none;
  bool many_keys = false;  ///< only rows of many keys can show it
};

/// Each must be found: kernels that exceed their contract slightly, and bounds with one term left out.
const std::vector<Twin>& twins();

}  // namespace attest::attack
