// Between the numbers of a statement and those of the semantics under test.
#pragma once

#include "semantics/faulty.hpp"
#include "support/concrete.hpp"
#include "support/concrete_floats.hpp"
#include "support/symbolic.hpp"
#include "support/symbolic_floats.hpp"

namespace attest::proofs {

inline semantics::Z3Real::Score as_score(const semantics::Z3Real&, const Real& weight) {
  return {weight.term};
}
inline semantics::Z3Real::Acc as_acc(const semantics::Z3Real&, const Real& x) { return {x.term}; }
inline semantics::Z3Real::Acc as_numerator(const semantics::Z3Real&, const Real& x) { return {x.term}; }
inline Real weight_of(const semantics::Z3Real&, const semantics::Z3Real::Score& s) { return {s.weight}; }
inline Real number_of(const semantics::Z3Real&, const semantics::Z3Real::Acc& x) { return {x.term}; }
inline semantics::Z3Real::Condition as_condition(const semantics::Z3Real&, const Formula& c) {
  return {c.term};
}

inline semantics::Rational::Score as_score(const semantics::Rational&,
                                           const semantics::Rational::Number& weight) {
  return {weight};
}
inline semantics::Rational::Acc as_acc(const semantics::Rational&, const semantics::Rational::Number& x) {
  return x;
}
inline semantics::Rational::Acc as_numerator(const semantics::Rational&,
                                             const semantics::Rational::Number& x) {
  return x;
}
inline semantics::Rational::Number weight_of(const semantics::Rational&,
                                             const semantics::Rational::Score& s) {
  return s.weight;
}
inline semantics::Rational::Number number_of(const semantics::Rational&, const semantics::Rational::Acc& x) {
  return x;
}
inline semantics::Condition as_condition(const semantics::Rational&, bool c) { return {c}; }

// What a faulty semantics calls of its base is declared above, or in the headers of floats.
template <class A, class Number>
typename A::Score as_score(const semantics::Faulty<A>& k, const Number& weight) {
  return as_score(k.base(), weight);
}
template <class A, class Number>
typename semantics::Faulty<A>::Acc as_acc(const semantics::Faulty<A>& k, const Number& x) {
  return {as_acc(k.base(), x)};
}
/// A number whose rescaling is the numerator's.
template <class A, class Number>
typename semantics::Faulty<A>::Acc as_numerator(const semantics::Faulty<A>& k, const Number& x) {
  return {as_acc(k.base(), x), semantics::Faulty<A>::Role::numerator};
}
template <class A>
auto weight_of(const semantics::Faulty<A>& k, const typename A::Score& s) {
  return weight_of(k.base(), s);
}
template <class A>
auto number_of(const semantics::Faulty<A>& k, const typename semantics::Faulty<A>::Acc& x) {
  return number_of(k.base(), x.value);
}
template <class A, class Truth>
auto as_condition(const semantics::Faulty<A>& k, const Truth& c) {
  return as_condition(k.base(), c);
}

}  // namespace attest::proofs
