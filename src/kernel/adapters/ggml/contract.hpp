// The numerics of ggml_flash_attn_ext on the CPU, as an attest contract.
#pragma once

#include <string>

#include "kernel/adapters/ggml/variants.hpp"

namespace attest::kernel::ggml {

std::string contract_of(const Variant& variant);

}  // namespace attest::kernel::ggml
