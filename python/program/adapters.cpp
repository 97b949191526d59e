// The list of adapters of the program in the Python package: none. The libraries that they adapt are on no
// other machine. This definition comes before the one in the library of adapters, of which nothing is linked
// then.
#include "kernel/adapters/registry.hpp"

namespace attest::kernel {

const std::vector<AdapterFamily>& adapter_families() {
  static const std::vector<AdapterFamily> families;
  return families;
}

}  // namespace attest::kernel
