// The numerics that oneDNN 2.6 keeps on this CPU, as an attest contract.
#pragma once

#include <string>

#include <dnnl.hpp>

namespace attest::kernel {

/// One alternative for f32 and, where the ISA has bf16 kernels, one for bf16.
std::string onednn_contract(dnnl::cpu_isa isa);

}  // namespace attest::kernel
