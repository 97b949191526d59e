#include "kernel/adapters/registry.hpp"

namespace attest {

const std::vector<AdapterFamily>& adapter_families() {
  static const std::vector<AdapterFamily> families{
#ifdef ATTEST_HAS_ONEDNN
      onednn_adapter(),
#endif
#ifdef ATTEST_HAS_ONNXRUNTIME
      onnxruntime_adapter(),
#endif
  };
  return families;
}

}  // namespace attest
