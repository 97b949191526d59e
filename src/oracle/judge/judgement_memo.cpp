#include "oracle/judge/judgement_memo.hpp"

#include "oracle/contract/fingerprint.hpp"
#include "problem/fingerprint.hpp"

namespace attest::oracle {
namespace {

// All members belong into the fingerprint, but for the number of threads: a member more must be added below.
struct OptionMembers {
  std::size_t max_violations = 0;
  unsigned jobs = 0;
  std::optional<RowSample> sample;
  std::int64_t suspicious_rows = 0;
};
struct SampleMembers {
  std::int64_t rows = 0;
  std::uint64_t seed = 0;
};
static_assert(sizeof(JudgeOptions) == sizeof(OptionMembers) && sizeof(RowSample) == sizeof(SampleMembers));

}  // namespace

JudgementMemo& judgement_memo() {
  static JudgementMemo memo;
  return memo;
}

Fingerprint fingerprint_of(const Problem& problem, const Result& result, const ContractSet& contract,
                           const JudgeOptions& options) {
  Fingerprinter print;
  add_to(print, problem);
  add_to(print, result);
  add_to(print, contract);
  print.add(options.max_violations);
  print.add(options.sample ? 1U : 0U);
  if (options.sample) {
    print.add(static_cast<std::uint64_t>(options.sample->rows));
    print.add(options.sample->seed);
  }
  print.add(static_cast<std::uint64_t>(options.suspicious_rows));
  return print.fingerprint();
}

std::size_t bytes_of(const Judgement& judgement) {
  constexpr std::size_t kEntry = 128;  // nodes of the map, control block
  return kEntry + sizeof judgement + judgement.violations.capacity() * sizeof(Element);
}

}  // namespace attest::oracle
