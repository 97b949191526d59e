// Faults of the recurrence, each refuted by a theorem: the obligation over a semantics with the fault has a
// counterexample, which fails on numbers too. properties/ finds the same faults by drawing cases.
#include <algorithm>
#include <ostream>

#include <gtest/gtest.h>

#include "prove/prove.hpp"
#include "theorems.hpp"

namespace attest::prove {
namespace {

const Theorem& theorem_named(const std::string& name) {
  const auto found = std::find_if(proofs::theorems().begin(), proofs::theorems().end(),
                                  [&](const Theorem& theorem) { return theorem.name == name; });
  if (found == proofs::theorems().end()) throw std::invalid_argument(name);
  return *found;
}

struct Planted {
  semantics::ArithmeticFault fault;
  const char* theorem;
  const char* goal;  // the first that fails
};

// GoogleTest prints the parameter after the name.
void PrintTo(const Planted& planted, std::ostream* out) { *out << planted.goal; }

class PlantedFault : public testing::TestWithParam<Planted> {};

TEST_P(PlantedFault, IsRefutedAndFailsOnTheNumbersOfItsCounterexample) {
  const auto& [fault, name, goal] = GetParam();
  Theorem theorem = theorem_named(name);
  theorem.twin = {std::string(name_of(fault)), theorem.with_fault(fault)};
  ProveOptions options;
  options.solvers = SolverChoice::z3;
  const TheoremReport report = prove({theorem}, options).front();
  EXPECT_EQ(report.verdict, ProofVerdict::proved);  // without the fault
  EXPECT_EQ(report.twin.verdict, ProofVerdict::refuted);
  EXPECT_TRUE(report.twin.replayed);
  EXPECT_EQ(report.twin.goal, goal);
}

INSTANTIATE_TEST_SUITE_P(
    Prove, PlantedFault,
    testing::Values(
        Planted{semantics::ArithmeticFault::denominator_not_rescaled, "merge-adds-sums", "m * l = W"},
        Planted{semantics::ArithmeticFault::denominator_not_rescaled, "absorb-adds-sums",
                "m * l = W, tile of 1"},
        Planted{semantics::ArithmeticFault::numerator_not_rescaled, "merge-adds-sums", "m * o = U"},
        Planted{semantics::ArithmeticFault::numerator_not_rescaled, "lazy-adds-sums", "m * o = U"},
        Planted{semantics::ArithmeticFault::nothing_rescaled, "merge-adds-sums", "m * l = W"},
        Planted{semantics::ArithmeticFault::max_keeps_first, "no-nan-f16", "no NaN"},
        Planted{semantics::ArithmeticFault::max_keeps_first, "merge-commutes", "same m"},
        Planted{semantics::ArithmeticFault::max_is_min, "no-nan-f16", "no NaN"},
        Planted{semantics::ArithmeticFault::unguarded, "guarded-is-recurrence", "no divisor is zero"},
        Planted{semantics::ArithmeticFault::unguarded, "no-nan-f16", "no NaN"},
        Planted{semantics::ArithmeticFault::masked_like_score_zero, "masked-keys", "key 0, tile of 1"},
        Planted{semantics::ArithmeticFault::weight_not_counted, "tile-loop", "shift * l grows by w"},
        Planted{semantics::ArithmeticFault::not_divided, "finalize-is-mean", "output * W = U"}),
    [](const testing::TestParamInfo<Planted>& planted) {
      std::string name = std::string(name_of(planted.param.fault)) + "_" + planted.param.theorem;
      std::replace_if(
          name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; },
          '_');
      return name;
    });

// The fault of a split that overlaps another is not one of numbers: it is a twin of its own.
TEST(PlantedFault, OfAKeyCountedTwiceAcrossASplitIsRefuted) {
  ProveOptions options;
  options.solvers = SolverChoice::z3;
  const TheoremReport report = prove({theorem_named("splits-add-sums")}, options).front();
  EXPECT_EQ(report.twin.name, "a key in two splits");
  EXPECT_TRUE(as_expected(report));
}

}  // namespace
}  // namespace attest::prove
