// Equal calls leave no more memory, descriptors and threads behind, one after the other.
//
// What a kernel allocates in its first calls, and keeps, is no leak: caches and pools fill up. So the law
// looks at many calls of one problem after a few unmeasured ones. Something leaks if each of eight calls in a
// row left more of it than the call before. A cache keyed by shapes or contents does not grow on equal calls,
// and a buffer that grows by a factor of 1.5 or more, from seven elements on, does not grow in every call.

#include <array>
#include <vector>

#include <fmt/format.h>

#include "laws/catalogue.hpp"
#include "laws/evaluate.hpp"

namespace attest::laws {
namespace {

constexpr int kUnmeasuredCalls = 6;
constexpr std::size_t kGrowths = 8;

using Counts = std::vector<std::uint64_t>;

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  return p.batch() * p.q_len() == 0 ? "there is no row" : "";
}

bool grows_each_time(const Counts& counts) {
  for (std::size_t i = 1; i < counts.size(); ++i) {
    if (counts[i] <= counts[i - 1]) return false;
  }
  return true;
}

// The mean of all calls: a single one may allocate in blocks of its own size.
double per_call(const Counts& counts) {
  return static_cast<double>(counts.back() - counts.front()) / static_cast<double>(counts.size() - 1);
}

std::string words_for(const Counts& heap, const Counts& mapped, const Counts& descriptors,
                      const Counts& threads) {
  std::string text;
  const auto add = [&](const Counts& counts, const char* what) {
    if (!grows_each_time(counts)) return;
    text += fmt::format("{}{:.6g} {}", text.empty() ? "" : ", ", per_call(counts), what);
  };
  add(heap, "bytes of heap");
  if (text.empty()) add(mapped, "bytes of mapped memory");
  add(descriptors, "file descriptors");
  add(threads, "threads");
  return text;
}

// relate calls the problem itself, many times, so not every case is put to the law.
std::vector<Call> calls(const Problem&, const oracle::ContractSet&) { return {}; }

Relation relate(Subject& subject, const std::vector<Call>&, const CallResults&) {
  Counts heap, mapped, descriptors, threads;
  for (std::size_t n = 0; n < kUnmeasuredCalls + kGrowths + 1; ++n) {
    const kernel::RunOutcome outcome = subject.run_and_measure_held();
    if (auto breach = breach_of(outcome, fmt::format("equal call {}", n + 2)))
      return {std::move(breach), std::nullopt};
    if (!outcome.held) return {std::nullopt, std::nullopt, {"not measured: no process serves several calls"}};
    if (n < kUnmeasuredCalls) continue;
    heap.push_back(outcome.held->heap_bytes);
    mapped.push_back(outcome.held->mapped_bytes);
    descriptors.push_back(outcome.held->descriptors);
    threads.push_back(outcome.held->threads);
  }
  const std::string leaked = words_for(heap, mapped, descriptors, threads);
  if (leaked.empty()) return {};
  Breach breach;
  breach.kind = FindingKind::environment;
  breach.summary = fmt::format("leaks with each of {} equal calls: {} a call", kGrowths, leaked);
  return {std::move(breach), std::nullopt};
}

}  // namespace

Law leak_law() {
  return {.id = LawId::leak,
          .on_kernels = "exact",
          .why_not = why_not,
          .calls = calls,
          .relate = relate,
          .share = 0.1};
}

}  // namespace attest::laws
