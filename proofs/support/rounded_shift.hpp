// Scores as real numbers, accumulators as the logs of one key's weight: what the recurrence does to that key
// when the subtraction of shifts is rounded.
#pragma once

#include <stdexcept>
#include <string>

#include "semantics/concept.hpp"
#include "support/adapt.hpp"

namespace attest::proofs {

/// Differences are rounded with relative error u: sub(s, t) is any number within u |s - t| of s - t. A sum
/// keeps one key: the one already in it, or the last to come.
template <class World>
class RoundedShift {
 public:
  using Number = typename World::Number;
  struct Score {
    Number value;
  };
  struct Acc {
    Number log_weight;
  };
  struct Condition {
    typename World::Truth holds;
  };
  enum class Keep : std::uint8_t { first, last };

  RoundedShift(World& world, const Number& u, Keep keep, std::string prefix)
      : world_(world), u_(u), keep_(keep), prefix_(std::move(prefix)) {}

  Score max(const Score& s, const Score& t) const { return {choose(s.value < t.value, t.value, s.value)}; }
  Score sub(const Score& s, const Score& t) const {
    const Number exact = s.value - t.value;
    const Number bound = u_ * choose(exact < 0, Number(-exact), exact);
    const Number rounded = world_.real(prefix_ + std::to_string(count_++));
    world_.assume(-bound <= rounded - exact && rounded - exact <= bound);
    return {rounded};
  }
  Acc exp(const Score& s) const { return {s.value}; }
  Acc probability(const Acc& x) const { return x; }
  Acc one() const { return {u_ - u_}; }
  Acc add(const Acc& x, const Acc& y) const { return keep_ == Keep::first ? x : y; }
  Acc mul(const Acc& x, const Acc& y) const { return {x.log_weight + y.log_weight}; }
  Acc div(const Acc& x, const Acc& y) const { return {x.log_weight - y.log_weight}; }

  Score origin() const { return {u_ - u_}; }
  // Logs have no weight zero; what needs one is not for this semantics.
  Score masked() const { throw std::logic_error("the log of 0"); }
  Acc zero() const { throw std::logic_error("the log of 0"); }
  Condition empty(const Score&) const { throw std::logic_error("the log of 0"); }
  Condition exceeds(const Score& s, const Score& t, const Score& tau) const {
    return {t.value + tau.value < s.value};
  }
  Score select(const Condition& c, const Score& s, const Score& t) const {
    return {choose(c.holds, s.value, t.value)};
  }
  Acc select(const Condition& c, const Acc& x, const Acc& y) const {
    return {choose(c.holds, x.log_weight, y.log_weight)};
  }

 private:
  World& world_;
  Number u_;
  Keep keep_;
  std::string prefix_;
  mutable int count_ = 0;
};

}  // namespace attest::proofs
