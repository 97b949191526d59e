// Runs one ONNX operator: a one-node model, a session for it, dense arrays in and out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "kernel/adapters/onnxruntime/api.hpp"

namespace attest::kernel::onnxruntime {

/// A dense row-major array.
struct Array {
  Element element = Element::f32;
  std::vector<std::int64_t> shape;
  std::vector<std::byte> data;
};

std::size_t size_of(Element element);
/// Every byte of the data is `fill`.
Array make_array(Element element, std::vector<std::int64_t> shape, std::byte fill = std::byte{0});

using AttributeValue = std::variant<std::int64_t, float, std::vector<std::int64_t>>;

/// An operator with its attributes, as one node of a model.
struct Operator {
  std::string name;
  std::string domain;  ///< "" is ai.onnx
  std::int64_t opset = 1;
  std::vector<std::pair<std::string, AttributeValue>> attributes;
};

/// Where the result stands in the operator's first output.
enum class Layout : std::uint8_t {
  bhld,  ///< [batch, heads, length, dim]
  blhd,  ///< [batch, length, heads * dim]
};

/// One call: inputs in the operator's order, nullopt for one that is left out.
struct Call {
  Operator op;
  std::vector<std::optional<Array>> inputs;
  Layout layout = Layout::bhld;
  int extra_outputs = 0;          ///< outputs after the first that must be asked for (present key and value)
  std::vector<Array> presents{};  ///< what these must hold, bit for bit; empty: they are discarded
  /// The shape of the fourth output (qk_matmul_output); empty: it is not asked for.
  std::vector<std::int64_t> scores_shape{};
};

/// The model of a call, serialised: typed inputs without shapes, so that it only depends on the operator, its
/// attributes, the element types, and which inputs are there.
std::string model_of(const Call& call);

class Session {
 public:
  /// `threads` run each operator. Throws Error; unsupported() when the library has no kernel for these
  /// element types.
  explicit Session(const std::string& model, int threads = 1);
  /// Fills `out`, which gives the first output's shape, and must not be read before by the operator. `scores`
  /// receives the fourth output; null unless call.scores_shape is given. Throws Error, also where an output
  /// is not what call.presents says.
  void run(const Call& call, Array& out, Array* scores = nullptr) const;

 private:
  struct Release {
    void operator()(SessionHandle* session) const;
  };
  std::unique_ptr<SessionHandle, Release> session_;
};

}  // namespace attest::kernel::onnxruntime
