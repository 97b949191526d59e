#include "problem/fingerprint.hpp"

#include <bit>
#include <string_view>
#include <variant>

#include "problem/signature.hpp"

namespace attest {
namespace {

// All members belong into the fingerprint. Those that are not in the tables, in the order of Problem; one
// more must be added below.
struct BeforeOptionalInputs {
  double scale = 0;
  Causal causal{};
  std::int64_t window_left = 0, window_right = 0;
  double softcap = 0;
};
struct AfterOptionalInputs {
  bool want_lse = false;
  std::optional<std::int64_t> q_start;
  std::vector<std::int64_t> out_strides, lse_strides;
  bool q_is_k = false, k_is_v = false;
};
static_assert(sizeof(Problem) == kRequiredInputs * sizeof(Tensor) + sizeof(BeforeOptionalInputs) +
                                     optional_inputs().size() * sizeof(std::optional<Tensor>) +
                                     sizeof(AfterOptionalInputs));

void add_number(Fingerprinter& print, std::int64_t n) { print.add(static_cast<std::uint64_t>(n)); }

void add_list(Fingerprinter& print, const std::vector<std::int64_t>& list) {
  for (const std::int64_t n : list) add_number(print, n);
  print.add(list.size());
}

void add_tensor(Fingerprinter& print, const Tensor& tensor) {
  print.add(static_cast<std::uint64_t>(tensor.dtype()));
  add_list(print, tensor.shape());
  add_list(print, tensor.strides());
  add_list(print, tensor.memory_strides());
  if (!tensor.owns_elements())
    return add_tensor(print, tensor.with_strides(row_major_strides(tensor.shape())));
  const std::vector<std::byte>& bytes = tensor.bytes();
  print.add(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

void add_if_any(Fingerprinter& print, const Tensor* tensor) {
  print.add(tensor != nullptr ? 1U : 0U);
  if (tensor != nullptr) add_tensor(print, *tensor);
}

void add_value(Fingerprinter& print, double x) { print.add(std::bit_cast<std::uint64_t>(x)); }
void add_value(Fingerprinter& print, std::int64_t n) { add_number(print, n); }
void add_value(Fingerprinter& print, Causal causal) { add_number(print, static_cast<std::int64_t>(causal)); }

}  // namespace

void add_to(Fingerprinter& print, const Problem& p) {
  for (const Input& input : kForward.inputs) add_if_any(print, input.of(p));
  for (const Scalar& scalar : kForward.scalars)
    std::visit([&](auto member) { add_value(print, p.*member); }, scalar.member);
  print.add(p.q_start ? 1U : 0U);
  add_number(print, p.q_start.value_or(0));
  for (const OutputTensor& output : kForward.outputs) {
    print.add(output.is_wanted(p) ? 1U : 0U);
    add_list(print, p.*output.strides);
  }
  for (const bool flag : {p.q_is_k, p.k_is_v}) print.add(flag ? 1U : 0U);
}

void add_to(Fingerprinter& print, const Result& result) {
  for (const OutputTensor& output : kForward.outputs) add_if_any(print, output.of(result));
}

}  // namespace attest
