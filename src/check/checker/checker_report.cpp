// What a checker tells of a whole campaign: the contracts that judged it, the memory that it took.

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/checker/checker.hpp"
#include "check/record/problem_size.hpp"
#include "oracle/contract/saturation.hpp"

namespace attest::check {
namespace {

std::string dtypes_text(const std::pair<DType, DType>& dtypes) {
  const std::string_view q = name_of(dtypes.first);
  return dtypes.first == dtypes.second ? std::string(q)
                                       : fmt::format("{} with k and v in {}", q, name_of(dtypes.second));
}

}  // namespace

void Checker::note_answer(const Problem& problem, const kernel::RunOutcome& outcome,
                          kernel::Placement placement) {
  contracts_.at({problem.q.dtype(), problem.k.dtype()}).answered = true;
  if (outcome.status != kernel::RunStatus::ok) return;
  const std::optional<std::uint64_t> stack = outcome.memory.stack_bytes;
  if (stack && *stack > memory_.stack_bytes.value_or(0)) {
    memory_.stack_bytes = stack;
    memory_.stack_case = attest::describe(problem);
  }
  if (const double work = pairs_of(problem); work > largest_.work) largest_ = {work, problem, placement};
}

// The second of two calls, so that what the first one sets up for good does not count.
MemoryReport Checker::memory_report() {
  MemoryReport report = memory_;
  if (largest_.work < 0 || !report.stack_bytes) return report;  // a command's memory is not seen at all
  kernel::RunOptions options;
  options.time_limit = time_limit_;
  options.placement = largest_.placement;
  if (kernel_.run(largest_.problem, options).status != kernel::RunStatus::ok) return report;
  options.measure_heap = true;
  const kernel::RunOutcome outcome = kernel_.run(largest_.problem, options);
  if (outcome.status != kernel::RunStatus::ok) return report;
  report.heap_bytes = outcome.memory.heap_bytes;
  report.heap_case = attest::describe(largest_.problem);
  return report;
}

bool Checker::any_declared() const {
  return std::any_of(contracts_.begin(), contracts_.end(), [](const auto& entry) {
    return entry.second.answered && entry.second.contract.declared;
  });
}

void Checker::describe(KernelReport& report) {
  std::set<std::string> texts;
  for (const auto& [dtypes, judged] : contracts_) {
    if (!judged.answered) continue;
    texts.insert(judged.contract.text);
    const std::optional<std::int64_t> keys = oracle::saturation_keys(judged.contract);
    if (keys) report.saturates_at = std::min(report.saturates_at.value_or(*keys), *keys);
    for (ContractReport& entry : report.contracts) {
      if (entry.text != judged.base.text) continue;
      entry.saturates_at = keys;
      entry.declared = judged.contract.declared;
      entry.dtypes.push_back(dtypes_text(dtypes));
    }
  }
  for (const auto& [dtypes, judged] : contracts_) {
    for (ContractReport& entry : report.contracts) {
      if (judged.answered && entry.text == judged.base.text) entry.text = judged.contract.text;
    }
  }
  report.declared_contract = declared_;
  report.contract_declared = any_declared() || (texts.empty() && !declared_.empty());
  report.contract = report.contract_declared ? declared_ : fmt::format("{}", fmt::join(texts, ", "));
  report.memory = memory_report();
}

}  // namespace attest::check
