#include "kernel/adapters/registry.hpp"

namespace attest {

const std::vector<AdapterFamily>& adapter_families() {
  static const std::vector<AdapterFamily> families{
      onednn_adapter(),
      onnxruntime_adapter(),
      ggml_adapter(),
  };
  return families;
}

}  // namespace attest
