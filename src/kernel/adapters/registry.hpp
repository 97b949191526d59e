// The built-in adapters to linked or loaded kernel libraries, a family a line.
#pragma once

#include "kernel/implementation.hpp"

namespace attest {

/// oneDNN's matmul and softmax primitives, linked.
AdapterFamily onednn_adapter();
/// ONNX Runtime's attention operators, by its C API; one variant an operator.
AdapterFamily onnxruntime_adapter();

}  // namespace attest
