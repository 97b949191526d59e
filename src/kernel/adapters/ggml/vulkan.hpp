// ggml_flash_attn_ext on a Vulkan device.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernel/implementation.hpp"

namespace attest::kernel::ggml {

/// "vulkan": as the library chooses; "vulkan-f32acc": with GGML_PREC_F32; "vulkan-f32": without 16-bit
/// arithmetic (GGML_VK_DISABLE_F16), which devices that lack it use.
std::vector<std::string> vulkan_variants();

/// Null for another name. Throws KernelUnavailable where the package, Vulkan or a device is missing.
std::unique_ptr<Implementation> open_vulkan(const std::string& variant);

}  // namespace attest::kernel::ggml
