#include "problem/fingerprint.hpp"

#include <bit>
#include <string_view>

namespace attest {
namespace {

// All members belong into the fingerprint: a member more must be added below.
struct ProblemMembers {
  Tensor q, k, v;
  double scale = 0;
  Causal causal{};
  std::int64_t window_left = 0, window_right = 0;
  double softcap = 0;
  std::optional<Tensor> bias, mask, alibi_slopes, sink, kv_lens;
  bool want_lse = false;
  std::optional<std::int64_t> q_start;
  std::vector<std::int64_t> out_strides, lse_strides;
  bool q_is_k = false, k_is_v = false;
};
static_assert(sizeof(Problem) == sizeof(ProblemMembers));

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

void add_optional(Fingerprinter& print, const std::optional<Tensor>& tensor) {
  print.add(tensor ? 1U : 0U);
  if (tensor) add_tensor(print, *tensor);
}

}  // namespace

void add_to(Fingerprinter& print, const Problem& p) {
  for (const Tensor* tensor : {&p.q, &p.k, &p.v}) add_tensor(print, *tensor);
  for (const auto* tensor : {&p.bias, &p.mask, &p.alibi_slopes, &p.sink, &p.kv_lens})
    add_optional(print, *tensor);
  for (const double x : {p.scale, p.softcap}) print.add(std::bit_cast<std::uint64_t>(x));
  for (const std::int64_t n : {static_cast<std::int64_t>(p.causal), p.window_left, p.window_right})
    add_number(print, n);
  print.add(p.q_start ? 1U : 0U);
  add_number(print, p.q_start.value_or(0));
  for (const bool flag : {p.want_lse, p.q_is_k, p.k_is_v}) print.add(flag ? 1U : 0U);
  add_list(print, p.out_strides);
  add_list(print, p.lse_strides);
}

void add_to(Fingerprinter& print, const Result& result) {
  add_tensor(print, result.out);
  add_optional(print, result.lse);
}

}  // namespace attest
