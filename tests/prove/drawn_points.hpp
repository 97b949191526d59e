// Points at which theorems are run: of small rationals, within the theorem's hypotheses.
#pragma once

#include <random>
#include <string>

#include "prove/theorem.hpp"

namespace attest::prove {

/// Whether the script declares the variable as a truth value.
bool is_truth(const std::string& smt2, const std::string& variable);

/// A random point, one that keeps the hypotheses if a few draws find it.
Model random_point(const Obligation& obligation, const Statement& statement, std::mt19937_64& random);

/// A point that keeps the hypotheses, as random as they allow: one variable after another, in random order,
/// takes a drawn value where Z3 finds that the others can follow, and what follows is Z3's choice. Empty
/// where that is irrational. For statements over the reals.
Model drawn_within(const Obligation& obligation, std::mt19937_64& random);

}  // namespace attest::prove
