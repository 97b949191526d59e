// What was computed before does not matter.
//
// After the base call the same tensors, at the same addresses and of the same shapes, hold other numbers: the
// negated values, then the negated keys, then the negated queries. A kernel that keeps results or packed
// inputs by address or shape returns what it had before. Then the base call again, which must give the same
// bits as the first time.

#include <fmt/format.h>

#include "laws/catalogue.hpp"
#include "laws/compare.hpp"
#include "laws/judged.hpp"
#include "laws/sentence.hpp"

namespace attest {
namespace {

std::string why_not(const Problem& p, const ContractSet&) {
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  return "";
}

Tensor negated(const Tensor& tensor) {
  std::vector<double> values = tensor.values();
  for (double& x : values) x = -x;
  Tensor other = tensor;
  other.assign(values);
  return other;
}

std::vector<Call> calls(const Problem& p, const ContractSet&) {
  std::vector<Call> calls{{"negated values after the same call", p},
                          {"negated keys after the same call", p},
                          {"negated queries after the same call", p},
                          {"the first call again", p}};
  calls[0].problem.v = negated(p.v);
  calls[1].problem.k = negated(p.k);
  calls[2].problem.q = negated(p.q);
  return calls;
}

// A wrong result, where the kernel was right before, that repeats an earlier one, or that its problem alone
// would have as well: the culprit tells.
std::optional<Breach> stale(const Subject& subject, const Call& call, const Result& result,
                            const Result& before) {
  const Judgement judgement = judge(call.problem, result, subject.contract(), affordable(call.problem, {}));
  if (!judgement.violated()) return std::nullopt;
  Breach breach = breach_of_elements(call.problem, judgement.violations);
  breach.variant = call.variant;
  breach.culprit = call.problem;
  const bool same = compare_bits(before, result, NaNs::bits).differing == 0;
  breach.summary = same ? fmt::format("returns the result of an earlier call: with {}, {}", call.variant,
                                      value_sentence(call.problem, breach.elements.front()))
                        : fmt::format("depends on an earlier call: with {}, {}", call.variant,
                                      value_sentence(call.problem, breach.elements.front()));
  return breach;
}

Relation relate(Subject& subject, const std::vector<Call>& made, const CallResults& results) {
  // A kernel that is wrong anyway tells nothing about its memory.
  const bool right = !subject.judgement().violated();
  const Result* before = &subject.base().result;
  for (std::size_t i = 0; right && i + 1 < made.size(); ++i) {
    if (!results[i]) continue;
    if (auto breach = stale(subject, made[i], *results[i], *before)) return {std::move(breach), std::nullopt};
    before = &*results[i];
  }
  if (!results.back()) return {std::nullopt, std::nullopt};
  const Comparison again = compare_bits(subject.base().result, *results.back(), NaNs::bits);
  if (again.differing == 0) return {std::nullopt, true};
  const Element& worst = again.worst.front();
  return {Breach{FindingKind::nondeterministic, made.back().variant, again.worst,
                 fmt::format("the same call gives {} and, after other calls, {} for {}",
                             short_number(worst.expected), short_number(worst.got),
                             where(subject.problem(), worst))},
          false};
}

}  // namespace

Law history_law() {
  return {"history",
          "what was computed before, with the same shapes at the same addresses, changes nothing",
          "certified bound, then bit for bit",
          why_not,
          nullptr,
          calls,
          relate,
          0.15,
          true};
}

}  // namespace attest
