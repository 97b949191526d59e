// What is known without a solver, as a claim of a statement over the reals.
#pragma once

namespace attest::proofs {

/// A claim that holds in every world, or in none: that some number is itself, or is not.
template <class Number>
auto known(bool holds, const Number& some) {
  const Number& itself = some;
  const auto truth = some == itself;
  return holds ? truth : !truth;
}

}  // namespace attest::proofs
