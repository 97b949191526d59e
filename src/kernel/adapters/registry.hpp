// The built-in adapters to linked or loaded kernel libraries, a family a line.
#pragma once

#include "kernel/implementation.hpp"

namespace attest {

/// oneDNN's matmul and softmax primitives, linked.
AdapterFamily onednn_adapter();
/// ONNX Runtime's attention operators, by its C API; one variant an operator.
AdapterFamily onnxruntime_adapter();

/// ggml's flash attention, by its C API; one variant a CPU library, cache type, precision or number of
/// threads.
AdapterFamily ggml_adapter();

}  // namespace attest
