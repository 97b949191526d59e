// The same call gives the same bits again, whatever out and lse held before it.
//
// Six runs: three on one prefill, two on another, one on other contents of new heap and stack memory. Bits
// that change under one prefill are nondeterminism; bits that change with the prefill alone were read from
// the output, or never written; bits that change with new memory's contents alone were read before they were
// written.
//
// Where the caller has the time, thousands of identical calls more: what fills up, or wraps, shows late.

#include <fmt/format.h>

#include "laws/catalogue.hpp"
#include "laws/evaluate.hpp"
#include "laws/relations/compare.hpp"
#include "laws/relations/sentence.hpp"
#include "oracle/contract/questions.hpp"

namespace attest::laws {
namespace {

constexpr std::byte kNaNs{0xff};     // NaN in every float format
constexpr std::byte kNumbers{0x3c};  // 0.0115 in f32 and bf16, 1.06 in f16, 1.5e-18 in f64
constexpr std::byte kHuge{0xfe};     // -1.7e38 in f32 and bf16, NaN in f16, -5e303 in f64

std::string why_not(const Problem& p, const oracle::ContractSet& contract) {
  if (!oracle::repeats_bits(contract)) return "the contract lets the bits of calls differ";
  return p.batch() * p.q_len() == 0 ? "there is no row" : "";
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet&) {
  return {{"the same call again", p, kNaNs},
          {"another prefill of the output", p, kNumbers},
          {"that prefill again", p, kNumbers, kHuge},
          {"other contents of new memory", p, kNumbers, kNumbers},
          {"the first call once more", p, kNaNs}};
}

Breach breach(const Problem& p, FindingKind kind, const Call& call, const Comparison& comparison) {
  const oracle::Element& worst = comparison.worst.front();
  const std::string what =
      kind == FindingKind::nondeterministic ? "the same call gives {} and then {} for {}"
      : call.fresh_memory == kHuge
          ? "reads its output, or leaves part of it unwritten: {} becomes {} with what {} held before"
          : "reads uninitialised heap or stack memory: {} becomes {} for {} with what that memory held";
  return {kind, call.variant, comparison.worst,
          fmt::format(fmt::runtime(what), short_number(worst.expected), short_number(worst.got),
                      where(p, worst))};
}

Relation relate(Subject& subject, const std::vector<Call>& made, const CallResults& results) {
  const Problem& p = subject.problem();
  const auto compared = [&](const std::optional<Result>& first, const std::optional<Result>& second) {
    return first && second ? compare_bits(*first, *second, NaNs::bits) : Comparison{};
  };
  const std::optional<Result> base = subject.base().result;
  const Comparison again = compared(base, results[0]);
  if (again.differing > 0) return {breach(p, FindingKind::nondeterministic, made[0], again), false};
  const Comparison numbers_again = compared(results[1], results[2]);
  if (numbers_again.differing > 0)
    return {breach(p, FindingKind::nondeterministic, made[2], numbers_again), false};
  // Other laws' calls may have come between the first two; results that come and go blame no memory.
  const Comparison once_more = compared(base, results[4]);
  if (once_more.differing > 0) return {breach(p, FindingKind::nondeterministic, made[4], once_more), false};
  const Comparison prefill = compared(base, results[1]);
  if (prefill.differing > 0) return {breach(p, FindingKind::uninitialised, made[1], prefill), false};
  const Comparison memory = compared(results[2], results[3]);
  if (memory.differing > 0) return {breach(p, FindingKind::uninitialised, made[3], memory), false};
  return {std::nullopt, true};
}

std::optional<Breach> endure(Subject& subject, std::int64_t calls) {
  const Problem& p = subject.problem();
  const Call call{"the same call again", p, kNaNs};
  for (std::int64_t n = 1; n <= calls; ++n) {
    const kernel::RunOutcome outcome = subject.run(call);
    if (outcome.status == kernel::RunStatus::unsupported) continue;
    const std::string which = fmt::format("call {} of {} identical ones", n, calls);
    if (auto breach = breach_of(outcome, which)) return breach;
    const Comparison again = compare_bits(subject.base().result, outcome.result, NaNs::bits);
    if (again.differing == 0) continue;
    const oracle::Element& worst = again.worst.front();
    return Breach{FindingKind::nondeterministic, which, again.worst,
                  fmt::format("the same call gives {} and, after {} identical calls, {} for {}",
                              short_number(worst.expected), n, short_number(worst.got), where(p, worst))};
  }
  return std::nullopt;
}

}  // namespace

Law repeat_law() {
  return {.id = LawId::repeat,
          .on_kernels = "bit for bit",
          .why_not = why_not,
          .calls = calls,
          .relate = relate,
          .share = 0.3,
          .endure = endure};
}

}  // namespace attest::laws
