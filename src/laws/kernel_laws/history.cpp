// What was computed before does not matter.
//
// After the base call the same tensors, at the same addresses and of the same shapes, hold other numbers: the
// negated values, then the negated keys, then the negated queries. A kernel that keeps results or packed
// inputs by address or shape returns what it had before. Then the same tensors with another length, scale,
// softcap, window or causality: a program that was compiled for the first call's, and kept by its shapes,
// goes wrong. Each call is judged by its own problem. Then the base call again, which must give the same bits
// as the first time.

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "laws/catalogue.hpp"
#include "laws/relations/breaches.hpp"
#include "laws/relations/compare.hpp"
#include "laws/relations/sentence.hpp"
#include "oracle/contract/questions.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem& p, const oracle::ContractSet&) {
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

// Every length is another one, of kv_len + 1 possible.
Problem with_other_lengths(Problem p) {
  const std::int64_t n = p.kv_len();
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    const auto length = static_cast<std::int64_t>(p.kv_lens->at({b}));
    p.kv_lens->set({b}, static_cast<double>((length + 1 + n / 2) % (n + 1)));
  }
  return p;
}

Problem with_full_lengths(Problem p) {
  p.kv_lens = Tensor(DType::i32, {p.batch()});
  for (std::int64_t b = 0; b < p.batch(); ++b) p.kv_lens->set({b}, static_cast<double>(p.kv_len()));
  return p;
}

// Half of what it cut, or a third of the keys where it cut none.
std::int64_t other_window(std::int64_t window, std::int64_t keys) {
  if (window == 0) return 1;
  return window == -1 ? keys / 3 : std::min(window, keys) / 2;
}

Causal other_causality(Causal causal) {
  return causal == Causal::bottom_right ? Causal::top_left : Causal::bottom_right;
}

// The same tensors, and one scalar or length that differs from the base call's.
std::vector<Call> other_scalars(const Problem& p) {
  std::vector<Call> calls;
  const auto add = [&](const char* variant) -> Problem& {
    calls.push_back({variant, p});
    return calls.back().problem;
  };
  if (p.kv_lens) {
    add("other kv_lens after the same call") = with_other_lengths(p);
  } else {
    add("kv_lens of all keys after the same call without") = with_full_lengths(p);
    add("shorter kv_lens after full ones") = with_other_lengths(with_full_lengths(p));
  }
  add("another scale after the same call").scale =
      p.scale == 0 ? 1 / std::sqrt(static_cast<double>(p.qk_dim())) : p.scale / 2;
  add("another softcap after the same call").softcap = p.softcap == 0 ? 1.5 : 2 * p.softcap;
  add("another window to the left after the same call").window_left = other_window(p.window_left, p.kv_len());
  if (p.window_right != -1)
    add("another window to the right after the same call").window_right =
        other_window(p.window_right, p.kv_len());
  add("another causality after the same call").causal = other_causality(p.causal);
  return calls;
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet&) {
  std::vector<Call> calls{{"negated values after the same call", p},
                          {"negated keys after the same call", p},
                          {"negated queries after the same call", p}};
  calls[0].problem.v = negated(p.v);
  calls[1].problem.k = negated(p.k);
  calls[2].problem.q = negated(p.q);
  for (Call& call : other_scalars(p)) calls.push_back(std::move(call));
  calls.push_back({"the first call again", p});
  return calls;
}

// A wrong result, where the kernel was right before, that repeats an earlier one, or that its problem alone
// would have as well: the culprit tells.
std::optional<Breach> stale(const Subject& subject, const Call& call, const Result& result,
                            const Result& before) {
  const oracle::Judgement judgement =
      oracle::judge(call.problem, result, subject.contract(), oracle::affordable(call.problem, {}));
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
  if (!oracle::repeats_bits(subject.contract())) return {std::nullopt, false};
  const oracle::Element& worst = again.worst.front();
  return {Breach{FindingKind::nondeterministic, made.back().variant, again.worst,
                 fmt::format("the same call gives {} and, after other calls, {} for {}",
                             short_number(worst.expected), short_number(worst.got),
                             where(subject.problem(), worst))},
          false};
}

}  // namespace

Law history_law() {
  return {.id = LawId::history,
          .on_kernels = "certified bound, then bit for bit",
          .why_not = why_not,
          .calls = calls,
          .relate = relate,
          .share = 0.15,
          .fresh = true};
}

}  // namespace attest::laws
