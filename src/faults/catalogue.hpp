// The faults that attest knows by name, and the controls beside them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "faults/kernels/tiled.hpp"

namespace attest {

using faulty::KernelControl;
using faulty::KernelFault;

/// What a prediction of the fault depends on besides the problem.
enum class Depends : std::uint8_t {
  nothing,
  tile,  ///< keys (or rows) a tile
};

struct KernelFaultEntry {
  KernelFault fault = KernelFault::none;
  std::string_view name;      ///< of the switch, and of the symbol in libattest_faults.so
  std::string_view number;    ///< the root cause's, and a letter for the variant
  std::string_view sentence;  ///< what the kernel does, for a person
  Depends depends = Depends::nothing;
};

struct KernelControlEntry {
  KernelControl control = KernelControl::correct;
  std::string_view name;
  std::string_view sentence;  ///< how it computes
};

/// Simpler explanations first: where several predict the same, the first is named. Every fault exists in f64,
/// f32, f16 and bf16, and declares faulty::contract_of(fault).
const std::vector<KernelFaultEntry>& fault_catalogue();
const std::vector<KernelControlEntry>& control_catalogue();

const KernelFaultEntry& entry_of(KernelFault fault);

}  // namespace attest
