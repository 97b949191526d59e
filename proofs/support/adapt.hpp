// Between the numbers of a statement and those of the semantics under test.
#pragma once

#include "semantics/faulty.hpp"
#include "support/concrete.hpp"
#include "support/symbolic.hpp"

namespace attest {

inline Z3Real::Score as_score(const Z3Real&, const Real& weight) { return {weight.term}; }
inline Z3Real::Acc as_acc(const Z3Real&, const Real& x) { return {x.term}; }
inline Z3Real::Acc as_numerator(const Z3Real&, const Real& x) { return {x.term}; }
inline Real weight_of(const Z3Real&, const Z3Real::Score& s) { return {s.weight}; }
inline Real number_of(const Z3Real&, const Z3Real::Acc& x) { return {x.term}; }
inline Z3Real::Condition as_condition(const Z3Real&, const Formula& c) { return {c.term}; }

inline Rational::Score as_score(const Rational&, const Rational::Number& weight) { return {weight}; }
inline Rational::Acc as_acc(const Rational&, const Rational::Number& x) { return x; }
inline Rational::Acc as_numerator(const Rational&, const Rational::Number& x) { return x; }
inline Rational::Number weight_of(const Rational&, const Rational::Score& s) { return s.weight; }
inline Rational::Number number_of(const Rational&, const Rational::Acc& x) { return x; }
inline Condition as_condition(const Rational&, bool c) { return {c}; }

template <class A, class Number>
typename A::Score as_score(const Faulty<A>& k, const Number& weight) {
  return as_score(k.base(), weight);
}
template <class A, class Number>
typename Faulty<A>::Acc as_acc(const Faulty<A>& k, const Number& x) {
  return {as_acc(k.base(), x)};
}
/// A number whose rescaling is the numerator's.
template <class A, class Number>
typename Faulty<A>::Acc as_numerator(const Faulty<A>& k, const Number& x) {
  return {as_acc(k.base(), x), Faulty<A>::Role::numerator};
}
template <class A>
auto weight_of(const Faulty<A>& k, const typename A::Score& s) {
  return weight_of(k.base(), s);
}
template <class A>
auto number_of(const Faulty<A>& k, const typename Faulty<A>::Acc& x) {
  return number_of(k.base(), x.value);
}
template <class A, class Truth>
auto as_condition(const Faulty<A>& k, const Truth& c) {
  return as_condition(k.base(), c);
}

}  // namespace attest
