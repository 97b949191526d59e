#include "laws/relations/two_runs.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "laws/operation.hpp"
#include "laws/relations/breaches.hpp"
#include "laws/relations/compare.hpp"
#include "laws/relations/sentence.hpp"
#include "oracle/contract/questions.hpp"

namespace attest::laws {
namespace {

std::optional<Place> counterpart_of(const Call& call, const Place& place) {
  return call.counterpart ? call.counterpart(place) : std::optional(place);
}

bool before(const Place& a, const Place& b) { return a < b; }

// The violations of one judgement, to be asked for by place.
class Violations {
 public:
  explicit Violations(std::vector<oracle::Element> elements) : elements_(std::move(elements)) {
    std::sort(elements_.begin(), elements_.end(), before);
  }
  const oracle::Element* at(const Place& place) const {
    const auto found = std::lower_bound(elements_.begin(), elements_.end(), place, before);
    return found != elements_.end() && *found == place ? &*found : nullptr;
  }
  bool none() const { return elements_.empty(); }

 private:
  std::vector<oracle::Element> elements_;
};

double factor_at(const Call& call, const Place& place) { return place.in(Output::lse) ? 1 : call.factor; }

std::string bits_sentence(const Problem& p, const Call& call, const oracle::Element& e) {
  if (call.factor == 1) return call.variant + " " + change_sentence(p, e);
  return fmt::format("{} give {} for {} instead of {}", call.variant, number_beside(e.got, e.expected),
                     where(p, e), number_beside(e.expected, e.got));
}

// Counterparts that are both wrong, and not in the same way.
bool differ(const Call& call, const oracle::Element& e, const oracle::Element& base) {
  const double factor = factor_at(call, base);
  const double apart = std::fabs(e.got - factor * base.got);
  return std::isfinite(apart) && apart > e.bound + factor * base.bound;
}

// Whether the call's result is to be the base result, number by number, and is.
bool is_the_same(const Call& call, const Result& base, const Result& result) {
  return !call.counterpart && call.factor == 1 && same_in_memory(base, result);
}

bool holds_nan(const Tensor& t) {
  const std::vector<double> values = t.values();
  return std::any_of(values.begin(), values.end(), [](double x) { return std::isnan(x); });
}
bool holds_nan(const Operation& operation, const Result& result) {
  const auto& outputs = operation.signature.outputs;
  return std::any_of(outputs.begin(), outputs.end(), [&](const OutputTensor& output) {
    const Tensor* tensor = output.of(result);
    return tensor != nullptr && holds_nan(*tensor);
  });
}

// What one call's result shows: elements outside their bound on one side only, at the base result's places.
struct OneSided {
  std::vector<oracle::Element> in_call, in_base;
  bool same_bits = true;
};

OneSided compare_judged(const Operation& operation, const Call& call, const Result& base,
                        const Violations& base_wrong, const Result& result, const Violations& wrong) {
  OneSided found;
  const bool all_right = wrong.none() && base_wrong.none();
  // NaN is no number that both have.
  if (all_right && !call.changes && is_the_same(call, base, result)) {
    found.same_bits = !holds_nan(operation, result);
    return found;
  }
  for_each_place(operation.signature.outputs, result, [&](const Place& place) {
    if (all_right && (!call.same_number || !found.same_bits)) return;  // nothing more to be found
    const oracle::Element* bad = wrong.at(place);
    const std::optional<Place> to = counterpart_of(call, place);
    const bool exists = to && output_of(base, to->output) != nullptr;
    if (!exists) {
      if (bad != nullptr) found.in_call.push_back(*bad);
      return;
    }
    const oracle::Element* base_bad = base_wrong.at(*to);
    const bool same_number = call.same_number && !(call.changes && call.changes(*to));
    if (same_number && number_at(result, place) != factor_at(call, *to) * number_at(base, *to)) {
      found.same_bits = false;
    }
    if (bad != nullptr && (base_bad == nullptr || (same_number && differ(call, *bad, *base_bad)))) {
      found.in_call.push_back(*bad);
    } else if (same_number && bad == nullptr && base_bad != nullptr) {
      found.in_base.push_back(*base_bad);
    }
  });
  return found;
}

Breach breach_of_call(const Call& call, std::vector<oracle::Element> elements) {
  Breach breach = breach_of_elements(call.problem, std::move(elements));
  breach.variant = call.variant;
  breach.summary += fmt::format(" (with {})", call.variant);
  breach.culprit = call.problem;
  return breach;
}

Breach breach_of_base(const Problem& base, const Call& call, std::vector<oracle::Element> elements) {
  Breach breach = breach_of_elements(base, std::move(elements));
  breach.variant = call.variant;
  breach.summary += fmt::format(" (but not with {})", call.variant);
  breach.culprit = base;
  return breach;
}

}  // namespace

Relation relate_bits(Subject& subject, const std::vector<Call>& calls, const CallResults& results) {
  if (!oracle::repeats_bits(subject.contract())) return relate_within_bounds(subject, calls, results);
  const Result& base = subject.base().result;
  Relation relation{std::nullopt, true};
  for (std::size_t n = 0; n < calls.size() && !relation.breach; ++n) {
    if (!results[n] || is_the_same(calls[n], base, *results[n])) continue;
    std::vector<oracle::Element> differing;
    for_each_place(subject.operation().signature.outputs, *results[n], [&](const Place& place) {
      const std::optional<Place> to = counterpart_of(calls[n], place);
      if (!to || output_of(base, to->output) == nullptr) return;
      const double expected = factor_at(calls[n], *to) * number_at(base, *to);
      const double got = number_at(*results[n], place);
      if (std::isnan(expected) || got == expected) return;
      differing.push_back({*to, oracle::Standing::violated, got, expected, 0, HUGE_VAL});
    });
    if (differing.empty()) continue;
    keep_worst(differing);
    const oracle::Element& worst = differing.front();
    relation.bitwise = false;
    relation.breach = Breach{std::isnan(worst.got) ? FindingKind::nan : FindingKind::wrong_value,
                             calls[n].variant, differing, bits_sentence(subject.problem(), calls[n], worst)};
  }
  return relation;
}

Relation relate_within_bounds(Subject& subject, const std::vector<Call>& calls, const CallResults& results) {
  Relation relation;
  const Violations base_wrong(subject.judgement().violations);
  for (std::size_t n = 0; n < calls.size() && !relation.breach; ++n) {
    if (!results[n]) continue;
    const auto most = static_cast<std::size_t>(results[n]->out.count() + calls[n].problem.q.count());
    const Operation& operation = subject.operation();
    const Violations wrong(operation
                               .judge(calls[n].problem, *results[n], subject.contract(),
                                      oracle::affordable(calls[n].problem, {.max_violations = most}))
                               .violations);
    OneSided found =
        compare_judged(operation, calls[n], subject.base().result, base_wrong, *results[n], wrong);
    if (calls[n].same_number) relation.bitwise = relation.bitwise.value_or(true) && found.same_bits;
    if (!found.in_call.empty()) {
      relation.breach = breach_of_call(calls[n], std::move(found.in_call));
    } else if (!found.in_base.empty()) {
      relation.breach = breach_of_base(subject.problem(), calls[n], std::move(found.in_base));
    }
  }
  return relation;
}

Relation relate_bits_if(bool exact, Subject& subject, const std::vector<Call>& calls,
                        const CallResults& results) {
  return exact ? relate_bits(subject, calls, results) : relate_within_bounds(subject, calls, results);
}

}  // namespace attest::laws
