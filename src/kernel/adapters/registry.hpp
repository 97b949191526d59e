// The function of each adapter that adapters.def lists.
#pragma once

#include "kernel/implementation.hpp"

namespace attest::kernel {

#define ADAPTER(id) AdapterFamily id##_adapter();
#include "kernel/adapters/adapters.def"

}  // namespace attest::kernel
