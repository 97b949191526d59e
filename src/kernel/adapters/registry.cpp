#include "kernel/adapters/registry.hpp"

namespace attest::kernel {

const std::vector<AdapterFamily>& adapter_families() {
  static const std::vector<AdapterFamily> families{
#define ADAPTER(id) id##_adapter(),
#include "kernel/adapters/adapters.def"
  };
  return families;
}

}  // namespace attest::kernel
