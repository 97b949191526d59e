// A semantics with one fault, around any other: the recurrence runs unchanged and computes something else.
//
// Which sum a product or a sum belongs to is known from roles that travel with the numbers: `exp` makes
// weights, a product with a value belongs to the numerator, and a product *by* a weight is a rescale. The
// templates write the factor second throughout (state.l * factor, p * value).
#pragma once

#include "semantics/concept.hpp"
#include "semantics/fault.hpp"

namespace attest::semantics {

template <Semantics A>
class Faulty {
 public:
  enum class Role : std::uint8_t { plain, weight, denominator, numerator };
  using Score = typename A::Score;
  struct Acc {
    typename A::Acc value;
    Role role = Role::plain;
  };

  Faulty(const A& base, ArithmeticFault fault) : k_(base), fault_(fault) {}
  const A& base() const { return k_; }

  Score max(const Score& s, const Score& t) const {
    if (fault_ == ArithmeticFault::max_keeps_first) return s;
    if (fault_ == ArithmeticFault::max_is_min) return min(s, t);
    return k_.max(s, t);
  }
  Score sub(const Score& s, const Score& t) const {
    return fault_ == ArithmeticFault::difference_reversed ? k_.sub(t, s) : k_.sub(s, t);
  }
  Acc exp(const Score& s) const { return {k_.exp(s), Role::weight}; }
  Acc probability(const Acc& x) const { return {k_.probability(x.value), x.role}; }
  Acc one() const { return {k_.one()}; }
  Acc add(const Acc& x, const Acc& y) const {
    const bool lost = (fault_ == ArithmeticFault::weight_not_counted && y.role == Role::weight) ||
                      (fault_ == ArithmeticFault::value_not_counted && y.role == Role::numerator);
    return {lost ? x.value : k_.add(x.value, y.value),
            y.role == Role::numerator ? Role::numerator : Role::denominator};
  }
  Acc mul(const Acc& x, const Acc& y) const {
    if (y.role != Role::weight) return {k_.mul(x.value, y.value), Role::numerator};
    const bool numerator = x.role == Role::numerator;
    const bool kept = fault_ == ArithmeticFault::nothing_rescaled ||
                      fault_ == (numerator ? ArithmeticFault::numerator_not_rescaled
                                           : ArithmeticFault::denominator_not_rescaled);
    return {kept ? x.value : k_.mul(x.value, y.value), numerator ? Role::numerator : Role::denominator};
  }
  Acc div(const Acc& x, const Acc& y) const {
    return {fault_ == ArithmeticFault::not_divided ? x.value : k_.div(x.value, y.value), x.role};
  }

  using Condition = typename A::Condition;
  Score masked() const {
    return fault_ == ArithmeticFault::masked_like_score_zero ? k_.origin() : k_.masked();
  }
  Score origin() const { return k_.origin(); }
  Acc zero() const { return {k_.zero()}; }
  Acc negate(const Acc& x) const { return {k_.negate(x.value), x.role}; }
  Condition empty(const Score& m) const { return k_.empty(m); }
  Score select(const Condition& c, const Score& s, const Score& t) const {
    return fault_ == ArithmeticFault::unguarded ? t : k_.select(c, s, t);
  }
  Acc select(const Condition& c, const Acc& x, const Acc& y) const {
    return {fault_ == ArithmeticFault::unguarded ? y.value : k_.select(c, x.value, y.value), y.role};
  }
  Condition exceeds(const Score& s, const Score& t, const Score& tau) const { return k_.exceeds(s, t, tau); }
  Score lse(const Score& m, const Acc& l) const { return k_.lse(m, l.value); }

 private:
  // t where s exceeds t by nothing: what `max` would have passed over.
  Score min(const Score& s, const Score& t) const { return k_.select(k_.exceeds(s, t, k_.origin()), t, s); }

  const A& k_;
  ArithmeticFault fault_;
};

}  // namespace attest::semantics
