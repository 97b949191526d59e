#include "oracle/judge/judgement_memo.hpp"

#include <bit>
#include <span>
#include <string_view>

#include "oracle/contract/fingerprint.hpp"

namespace attest::oracle {
namespace {

// judge() may depend on every member of these, so all of them belong into the fingerprint: a member more must
// be added below.
struct ProblemMembers {
  Tensor q, k, v;
  double scale;
  Causal causal;
  std::int64_t window_left, window_right;
  double softcap;
  std::optional<Tensor> bias, mask, alibi_slopes, sink, kv_lens;
  bool want_lse;
  std::vector<std::int64_t> out_strides, lse_strides;
  bool q_is_k, k_is_v;
};
struct OptionMembers {
  std::size_t max_violations;
  unsigned jobs;  // has no effect on the judgement
  std::optional<RowSample> sample;
  std::int64_t suspicious_rows;
};
struct SampleMembers {
  std::int64_t rows;
  std::uint64_t seed;
};
static_assert(sizeof(Problem) == sizeof(ProblemMembers) && sizeof(JudgeOptions) == sizeof(OptionMembers) &&
              sizeof(RowSample) == sizeof(SampleMembers));

void add(Fingerprinter& print, std::int64_t n) { print.add(static_cast<std::uint64_t>(n)); }
void add(Fingerprinter& print, double x) { print.add(std::bit_cast<std::uint64_t>(x)); }

void add(Fingerprinter& print, const std::vector<std::int64_t>& list) {
  for (const std::int64_t n : list) add(print, n);
  print.add(list.size());
}

// As it lies in memory: the same elements in another layout count as others, which only forgoes a hit.
void add(Fingerprinter& print, const Tensor& tensor) {
  print.add(static_cast<std::uint64_t>(tensor.dtype()));
  add(print, tensor.shape());
  add(print, tensor.strides());
  add(print, tensor.memory_strides());
  const std::vector<std::byte>& bytes = tensor.bytes();
  print.add(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

void add(Fingerprinter& print, const std::optional<Tensor>& tensor) {
  print.add(tensor ? 1U : 0U);
  if (tensor) add(print, *tensor);
}

void add(Fingerprinter& print, const Problem& p) {
  for (const Tensor* tensor : {&p.q, &p.k, &p.v}) add(print, *tensor);
  for (const auto* tensor : {&p.bias, &p.mask, &p.alibi_slopes, &p.sink, &p.kv_lens}) add(print, *tensor);
  add(print, p.scale);
  add(print, p.softcap);
  for (const std::int64_t n : {static_cast<std::int64_t>(p.causal), p.window_left, p.window_right})
    add(print, n);
  for (const bool flag : {p.want_lse, p.q_is_k, p.k_is_v}) print.add(flag ? 1U : 0U);
  add(print, p.out_strides);
  add(print, p.lse_strides);
}

}  // namespace

JudgementMemo& judgement_memo() {
  static JudgementMemo memo;
  return memo;
}

Fingerprint fingerprint_of(const Problem& problem, const Result& result, const ContractSet& contract,
                           const JudgeOptions& options) {
  Fingerprinter print;
  add(print, problem);
  add(print, result.out);
  add(print, result.lse);
  add_to(print, contract);
  print.add(options.max_violations);
  print.add(options.sample ? 1U : 0U);
  if (options.sample) {
    add(print, options.sample->rows);
    print.add(options.sample->seed);
  }
  add(print, options.suspicious_rows);
  return print.fingerprint();
}

std::size_t bytes_of(const Judgement& judgement) {
  constexpr std::size_t kEntry = 128;  // nodes of the map, control block
  return kEntry + sizeof judgement + judgement.violations.capacity() * sizeof(Element);
}

}  // namespace attest::oracle
