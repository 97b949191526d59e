#include <fmt/format.h>

#include "check/explore/explore.hpp"
#include "check/generate/families.hpp"
#include "flags.hpp"
#include "kernel/implementation.hpp"
#include "kernel/kernel.hpp"
#include "numerics/random_value.hpp"
#include "oracle/judge/judge.hpp"

namespace attest::properties {
namespace {

std::vector<check::Family> ordinary_families() {
  std::vector<check::Family> ordinary;
  for (const check::Family& family : check::families()) {
    if (family.generic) ordinary.push_back(family);
  }
  return ordinary;
}

std::string in_words(const Problem& problem, const oracle::Element& e) {
  return fmt::format("{}: b{} h{} i{} {}: {:.9g} in place of {:.9g}, {:.3g} times the certified bound",
                     describe(problem), e.b, e.h, e.i,
                     e.in(Output::lse) ? "lse" : fmt::format("channel {}", e.channel), e.got, e.expected,
                     e.ratio);
}

// Rows with an element beyond its bound. Violations come in the order of rows.
std::int64_t rows_of(const std::vector<oracle::Element>& violations) {
  std::int64_t rows = 0;
  const oracle::Element* last = nullptr;
  for (const oracle::Element& e : violations) {
    if (last == nullptr || last->b != e.b || last->h != e.h || last->i != e.i) ++rows;
    last = &e;
  }
  return rows;
}

void add(FlagCount& count, const std::string& spec, const Problem& problem,
         const oracle::Judgement& judgement) {
  const std::int64_t rows = judgement.coverage.judged;
  if (is_departure(spec, problem)) {
    count.departures += rows;
    count.departed += rows_of(judgement.violations);
    return;
  }
  // The judge does not say which rows have an element without a certificate: then all of the problem's have.
  const bool all = judgement.out.out_of_range + judgement.out.uninformative + judgement.lse.out_of_range +
                       judgement.lse.uninformative ==
                   0;
  (all ? count.certified : count.uncertified) += rows;
  if (!judgement.violated()) return;
  count.flagged += rows_of(judgement.violations);
  if (count.first.empty()) count.first = in_words(problem, judgement.violations.front());
}

}  // namespace

bool is_departure(const std::string& spec, const Problem& problem) {
  if (spec == "onednn:linear-softcap") return problem.softcap != 0;  // its softcap is a linear operator
  // Their scale of 0 stands for none.
  const bool contrib =
      spec == "onnxruntime:mha" || spec == "onnxruntime:gqa" || spec == "onnxruntime:contrib-attention";
  if (contrib && problem.scale == 0) return true;
  // Its unidirectional flag hides nothing where queries and keys differ in number.
  if (spec == "onnxruntime:mha") return problem.causal != Causal::none && problem.q_len() != problem.kv_len();
  // A single row with a past and more new keys sees keys after it.
  if (spec == "onnxruntime:attention-23") {
    const bool causal = problem.causal == Causal::bottom_right ||
                        (problem.causal == Causal::none && problem.window_right == 0);
    return causal && problem.kv_lens && problem.q_len() == 1;
  }
  return false;
}

FlagCount count_kernel_flags(const std::string& spec, std::int64_t rows, std::uint64_t seed,
                             const std::string& contract) {
  const std::unique_ptr<kernel::Kernel> kernel = kernel::open_kernel(spec);
  const std::string declared = contract.empty() ? kernel->info().contract : contract;
  const std::vector<check::Family> ordinary = ordinary_families();
  check::GenContext base;
  base.contract = declared;
  check::Prober::Limits limits;
  limits.calls = 1000;
  check::Prober prober(*kernel, base, limits);
  const auto region = std::make_shared<check::Region>(check::explore(prober, {}));
  base.region = region;
  FlagCount count;
  count.subject = spec;
  for (std::int64_t i = 0; count.certified + count.uncertified < rows && i < rows; ++i) {
    const check::Family& family = ordinary[static_cast<std::size_t>(i) % ordinary.size()];
    const rc::Random random(mixed(mixed(seed) + static_cast<std::uint64_t>(i)));
    const Problem problem = check::problems(family, base)(random, 0).value();
    const kernel::RunOutcome outcome = kernel->run(problem, {});
    if (outcome.status == kernel::RunStatus::unsupported) continue;
    region->accept(check::outline_of(problem));
    if (outcome.status != kernel::RunStatus::ok) {
      ++count.failures;
      if (count.first.empty()) count.first = describe(problem) + ": " + outcome.detail;
      continue;
    }
    const oracle::ContractSet set = oracle::contract_for(declared, problem.q.dtype(), problem.k.dtype());
    add(count, spec, problem, oracle::judge(problem, outcome.result, set, {.max_violations = 1 << 14}));
  }
  return count;
}

std::vector<FlagCount> count_all_kernel_flags(std::int64_t rows, std::uint64_t seed) {
  std::vector<FlagCount> counts;
  for (const char* family : {"onednn", "onnxruntime"}) {  // whose departures is_departure knows
    for (const std::string& spec : kernel::expand_kernel_spec(family)) {
      try {
        counts.push_back(count_kernel_flags(spec, rows, seed));
      } catch (const kernel::KernelOpenError&) {  // not on this machine
      }
    }
  }
  return counts;
}

}  // namespace attest::properties
