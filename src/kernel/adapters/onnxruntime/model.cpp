// One-node models, written with ONNX's own protobuf classes (Debian's libonnx-dev).
#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include "kernel/adapters/onnxruntime/session.hpp"

namespace attest::kernel::onnxruntime {
namespace {

// ONNX 1.19, which brought opset 24. To Debian's older classes these numbers are plain integers.
constexpr std::int64_t kIrVersion = 12;
constexpr int kScores = 3;  // qk_matmul_output

void set(onnx::AttributeProto& proto, const std::string& name, const AttributeValue& value) {
  proto.set_name(name);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    proto.set_type(onnx::AttributeProto::INT);
    proto.set_i(*integer);
  } else if (const auto* real = std::get_if<float>(&value)) {
    proto.set_type(onnx::AttributeProto::FLOAT);
    proto.set_f(*real);
  } else {
    proto.set_type(onnx::AttributeProto::INTS);
    for (const std::int64_t item : std::get<std::vector<std::int64_t>>(value)) proto.add_ints(item);
  }
}

void declare(onnx::ValueInfoProto& info, const std::string& name, Element element) {
  info.set_name(name);
  info.mutable_type()->mutable_tensor_type()->set_elem_type(static_cast<int>(element));
}

}  // namespace

std::string model_of(const Call& call) {
  onnx::ModelProto model;
  model.set_ir_version(kIrVersion);
  auto& opset = *model.add_opset_import();
  opset.set_domain(call.op.domain);
  opset.set_version(call.op.opset);
  auto& graph = *model.mutable_graph();
  graph.set_name("attest");
  auto& node = *graph.add_node();
  node.set_op_type(call.op.name);
  node.set_domain(call.op.domain);
  for (const auto& [name, value] : call.op.attributes) set(*node.add_attribute(), name, value);
  for (std::size_t i = 0; i < call.inputs.size(); ++i) {
    const std::string name = call.inputs[i] ? fmt::format("in{}", i) : "";
    node.add_input(name);
    if (call.inputs[i]) declare(*graph.add_input(), name, call.inputs[i]->element);
  }
  for (int i = 0; i <= (call.scores_shape.empty() ? call.extra_outputs : kScores); ++i) {
    const bool made = i <= call.extra_outputs || i == kScores;
    const std::string name = made ? fmt::format("out{}", i) : "";
    node.add_output(name);
    if (made) declare(*graph.add_output(), name, call.inputs.front()->element);
  }
  return model.SerializeAsString();
}

}  // namespace attest::kernel::onnxruntime
