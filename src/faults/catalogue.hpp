// The catalogue of faults, controls and narrow kernels.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "faults/kernels/gate.hpp"
#include "faults/kernels/tiled.hpp"
#include "faults/root_cause/root_cause.hpp"
#include "problem/dtype.hpp"

namespace attest::faults {

using faulty::Gate;
using faulty::KernelControl;
using faulty::KernelFault;
using faulty::NarrowKernel;

/// What a prediction of the fault depends on besides the problem.
enum class Depends : std::uint8_t {
  nothing,
  tile,  ///< keys (or rows) a tile
};

/// Dtypes of q, and of k and v.
struct DTypes {
  DType q = DType::f32, kv = DType::f32;
  bool operator==(const DTypes&) const = default;
};

/// Dtypes in which a fault shows. In other dtypes its kernel is correct.
enum class ShowsIn : std::uint8_t { all, f32, f32_and_f64, f32_over_f16 };

struct KernelFaultEntry {
  KernelFault fault = KernelFault::none;
  std::string_view name;      ///< of the switch, and of the symbol in libattest_faults.so
  std::string_view number;    ///< the root cause's, and a letter for the variant
  std::string_view sentence;  ///< what the kernel does, as text for readers
  Depends depends = Depends::nothing;
  /// The fault whose signature it has; none: it has no signature, as its results do not follow from the
  /// problem alone.
  KernelFault signature = KernelFault::none;
  ShowsIn shows_in = ShowsIn::all;
};
bool shows(const KernelFaultEntry& entry, const DTypes& dtypes);

/// The enumerations list the same faults in the same order. Precondition: not none.
constexpr RootCause root_cause_of(KernelFault fault) {
  return static_cast<RootCause>(static_cast<int>(fault) - 1);
}

struct KernelControlEntry {
  KernelControl control = KernelControl::correct;
  std::string_view name;
  std::string_view sentence;  ///< how it computes
};

struct NarrowKernelEntry {
  NarrowKernel kernel = NarrowKernel::narrow_tile64;
  std::string_view name;
  Gate gate = Gate::tile64;
  KernelFault fault = KernelFault::none;  ///< none: it is correct
};

/// Where several predict the same, the first is named: simpler explanations first, and of two where one is
/// seen in fewer problems, that one. Every fault exists in f64, f32, f16 and bf16, and declares
/// faulty::contract_of(fault).
const std::vector<KernelFaultEntry>& fault_catalogue();
const std::vector<KernelControlEntry>& control_catalogue();
/// Each gate's correct kernel first.
const std::vector<NarrowKernelEntry>& narrow_catalogue();

/// What kernels behind the gate take: "lengths that are multiples of 64, head dims 64".
std::string_view meaning_of(Gate gate);
/// Whether the gate admits any problem of these dtypes.
bool admits(Gate gate, const DTypes& dtypes);

const KernelFaultEntry& entry_of(KernelFault fault);

}  // namespace attest::faults
