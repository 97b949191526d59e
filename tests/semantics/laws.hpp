// The laws that every semantics must keep, written once and run over each (as FLINT does for its rings).
//
// A Subject knows how to draw scores and numbers in its semantics and how to compare them; the answer may be
// "unknown" (overlapping intervals, a solver that gives up), which is counted and never taken for "yes".
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "semantics/concept.hpp"

namespace attest::semantics::laws {

enum class Truth : std::uint8_t { no, yes, unknown };

struct Tally {
  int held = 0;
  int violated = 0;
  int unknown = 0;
};

/// What the laws came to, by name.
using Report = std::map<std::string, Tally>;

inline void count(Report& report, const std::string& law, Truth truth) {
  Tally& tally = report[law];
  tally.held += truth == Truth::yes ? 1 : 0;
  tally.violated += truth == Truth::no ? 1 : 0;
  tally.unknown += truth == Truth::unknown ? 1 : 0;
}

/// Names of the laws that were violated at least once, comma separated: "" when all is well.
inline std::string violated(const Report& report) {
  std::string names;
  for (const auto& [law, tally] : report) {
    if (tally.violated > 0) names += (names.empty() ? "" : ", ") + law;
  }
  return names;
}

/// Names of the laws that were not decided every time.
inline std::string undecided(const Report& report) {
  std::string names;
  for (const auto& [law, tally] : report) {
    if (tally.unknown > 0) names += (names.empty() ? "" : ", ") + law;
  }
  return names;
}

/// Laws that rounding does not break.
template <class Subject>
void arithmetic(Subject& subject, Report& report) {
  const auto& k = subject.semantics();
  const auto x = subject.number();
  const auto y = subject.number();
  const auto s = subject.score();
  count(report, "addition commutes", subject.same(k.add(x, y), k.add(y, x)));
  count(report, "multiplication commutes", subject.same(k.mul(x, y), k.mul(y, x)));
  count(report, "one is neutral", subject.same(k.mul(k.one(), x), x));
  count(report, "division by one changes nothing", subject.same(k.div(x, k.one()), x));
  const auto z = subject.nonzero();
  count(report, "a number divided by itself is one", subject.same(k.div(z, z), k.one()));
  count(report, "a score less itself has weight one", subject.same(k.exp(k.sub(s, s)), k.one()));
  count(report, "probability one is exact", subject.same(k.probability(k.one()), k.one()));
}

/// max is the maximum of a total order.
template <class Subject>
void order(Subject& subject, Report& report) {
  const auto& k = subject.semantics();
  const auto s = subject.score();
  const auto t = subject.score();
  const auto u = subject.score();
  count(report, "max is idempotent", subject.same(k.max(s, s), s));
  count(report, "max commutes", subject.same(k.max(s, t), k.max(t, s)));
  count(report, "max is associative", subject.same(k.max(k.max(s, t), u), k.max(s, k.max(t, u))));
  count(report, "max absorbs", subject.same(k.max(s, k.max(s, t)), k.max(s, t)));
}

/// Laws of exact arithmetic: those from which merging is associative.
template <class Subject>
void exact(Subject& subject, Report& report) {
  const auto& k = subject.semantics();
  const auto x = subject.number();
  const auto y = subject.number();
  const auto z = subject.number();
  const auto n = subject.nonzero();
  const auto s = subject.score();
  const auto t = subject.score();
  const auto u = subject.score();
  count(report, "addition is associative", subject.same(k.add(k.add(x, y), z), k.add(x, k.add(y, z))));
  count(report, "multiplication is associative", subject.same(k.mul(k.mul(x, y), z), k.mul(x, k.mul(y, z))));
  count(report, "multiplication distributes",
        subject.same(k.mul(x, k.add(y, z)), k.add(k.mul(x, y), k.mul(x, z))));
  count(report, "division undoes multiplication", subject.same(k.div(k.mul(x, n), n), x));
  count(report, "exp turns sums of differences into products",
        subject.same(k.mul(k.exp(k.sub(s, t)), k.exp(k.sub(t, u))), k.exp(k.sub(s, u))));
  count(report, "differences do not depend on the shift",
        subject.same(k.sub(k.sub(s, u), k.sub(t, u)), k.sub(s, t)));
}

/// The masked score has weight zero, is below every score, and select follows the condition.
template <class Subject>
void guards(Subject& subject, Report& report) {
  const auto& k = subject.semantics();
  const auto s = subject.score();
  const auto x = subject.number();
  const auto y = subject.number();
  count(report, "a masked score has weight zero", subject.same(k.exp(k.sub(k.masked(), s)), k.zero()));
  count(report, "a masked score is below every score", subject.same(k.max(k.masked(), s), s));
  count(report, "the origin has weight one", subject.same(k.exp(k.origin()), k.one()));
  count(report, "subtracting the origin changes nothing", subject.same(k.sub(s, k.origin()), s));
  count(report, "zero is neutral", subject.same(k.add(x, k.zero()), x));
  count(report, "zero absorbs", subject.same(k.mul(k.zero(), x), k.zero()));
  count(report, "masked is empty", subject.same(k.select(k.empty(k.masked()), x, y), x));
  count(report, "a score is not empty", subject.same(k.select(k.empty(s), x, y), y));
  count(report, "select acts on scores", subject.same(k.select(k.empty(s), k.origin(), s), s));
}

/// The threshold is exclusive, and a threshold of nothing is the order of max.
template <class Subject>
void thresholds(Subject& subject, Report& report) {
  const auto& k = subject.semantics();
  const auto s = subject.score();
  const auto t = subject.score();
  const auto choice = k.select(k.exceeds(s, t, k.origin()), s, t);
  count(report, "what exceeds by nothing is the max", subject.same(choice, k.max(s, t)));
  const auto x = subject.number();
  const auto y = subject.number();
  count(report, "nothing exceeds itself", subject.same(k.select(k.exceeds(s, s, k.origin()), x, y), y));
}

/// lse(s, exp(t - s)) = t: the log of one key's weight is its score.
template <class Subject>
void log_sum_exp(Subject& subject, Report& report) {
  const auto& k = subject.semantics();
  const auto s = subject.score();
  const auto t = subject.score();
  count(report, "the lse of a weight is its score", subject.same(k.lse(s, k.exp(k.sub(t, s))), t));
}

/// Runs `rounds` draws of every law that the subject claims: Subject::kExact (no rounding, or a comparison
/// that allows for it) and Subject::kOrdered (max is a maximum), and what the concepts say.
template <class Subject>
Report check(Subject& subject, int rounds) {
  using A = typename Subject::A;
  static_assert(Semantics<A>);
  Report report;
  for (int round = 0; round < rounds; ++round) {
    arithmetic(subject, report);
    if constexpr (Subject::kOrdered) order(subject, report);
    if constexpr (Subject::kExact) exact(subject, report);
    if constexpr (Guards<A>) guards(subject, report);
    if constexpr (Thresholds<A>) thresholds(subject, report);
    if constexpr (LogSumExp<A> && Subject::kExact) log_sum_exp(subject, report);
  }
  return report;
}

}  // namespace attest::semantics::laws
