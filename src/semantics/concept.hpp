// What a number is: the interface between the recurrence and every kind of number that it runs in.
//
// A semantics is an object, passed first to every operation, because a precision, a solver context or a
// rounding has to live somewhere. It has two sorts: a Score is ordered, shifted and exponentiated; an Acc
// (accumulator) is added, scaled and divided. `exp` leads from one to the other. No operation returns a bool,
// so code over a semantics cannot branch on a number: `max` and `select` are the only selections, and a
// symbolic semantics turns them into terms.
//
// Where a score is its own exponential, w = e^s > 0 (exact rationals, symbolic reals), `sub` is division and
// `exp` the identity. Nothing in the interface forbids it, and everything stays exact.
#pragma once

#include <concepts>

namespace attest::semantics {

template <class A>
concept Semantics = std::copyable<typename A::Score> && std::copyable<typename A::Acc> &&
    requires(const A& k, const typename A::Score& s, const typename A::Acc& x) {
  { k.max(s, s) } -> std::same_as<typename A::Score>;
  { k.sub(s, s) } -> std::same_as<typename A::Score>;
  { k.exp(s) } -> std::same_as<typename A::Acc>;
  // The cast of a probability before it meets a value, where a real kernel stores P in 16 bits; else
  // identity.
  { k.probability(x) } -> std::same_as<typename A::Acc>;
  { k.one() } -> std::same_as<typename A::Acc>;
  { k.add(x, x) } -> std::same_as<typename A::Acc>;
  { k.mul(x, x) } -> std::same_as<typename A::Acc>;
  { k.div(x, x) } -> std::same_as<typename A::Acc>;
};

/// A semantics with a score of weight zero for masked keys, and selection by a condition of its own. The
/// condition must not convert to bool: in a symbolic semantics it is a formula, and an `if` on it would prove
/// another program.
template <class A>
concept Guards = Semantics<A> && !std::constructible_from<bool, typename A::Condition> &&
                 requires(const A& k, const typename A::Score& s, const typename A::Acc& x,
                          const typename A::Condition& c) {
  { k.masked() } -> std::same_as<typename A::Score>;  // weight 0: -inf, or 0 where a score is its exponential
  { k.origin() } -> std::same_as<typename A::Score>;  // weight 1: 0, or 1 where a score is its exponential
  { k.zero() } -> std::same_as<typename A::Acc>;
  { k.empty(s) } -> std::same_as<typename A::Condition>;  // is this running max that of masked keys only?
  { k.select(c, s, s) } -> std::same_as<typename A::Score>;
  { k.select(c, x, x) } -> std::same_as<typename A::Acc>;
};

/// A semantics that can say that a score is ahead of another by more than a threshold (itself a score).
template <class A>
concept Thresholds = Guards<A> && requires(const A& k, const typename A::Score& s) {
  { k.exceeds(s, s, s) } -> std::same_as<typename A::Condition>;  // exceeds(a, b, tau): a > b + tau
};

/// A semantics with the log of a denominator: lse(m, l) = m + ln(l).
template <class A>
concept LogSumExp = Semantics<A> &&
    requires(const A& k, const typename A::Score& s, const typename A::Acc& x) {
  { k.lse(s, x) } -> std::same_as<typename A::Score>;
};

/// A semantics that a whole model runs in: it has the model's constants, the square root of a mean square,
/// and scores that are dot products. (Not where a score is its own exponential.)
template <class A>
concept Scoring = Semantics<A> && requires(const A& k, const typename A::Acc& x, double constant) {
  { k.number(constant) } -> std::same_as<typename A::Acc>;  // rounded once
  { k.sqrt(x) } -> std::same_as<typename A::Acc>;
  { k.score(x) } -> std::same_as<typename A::Score>;
};

}  // namespace attest::semantics
