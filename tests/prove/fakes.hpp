// Theorems made of literal scripts, to test what becomes of any answer.
#pragma once

#include <string>

#include "prove/prove.hpp"

namespace attest::prove {

inline constexpr const char* kSat = "(set-logic QF_NRA)(declare-fun x () Real)(assert (> x 2.5))(check-sat)";
inline constexpr const char* kUnsat =
    "(set-logic QF_NRA)(declare-fun x () Real)(assert (< (* x x) 0.0))(check-sat)";
/// Beyond both solvers in a second: the factors of 314159265359 * 271828182863.
inline constexpr const char* kHard =
    "(set-logic QF_BV)(declare-fun x () (_ BitVec 40))(declare-fun y () (_ BitVec 40))"
    "(assert (= (bvmul (concat #x0000000000 x) (concat #x0000000000 y)) #x12156631e1986b4c4b61))"
    "(assert (bvugt x #x0000000001))(assert (bvult x y))(check-sat)";

/// A theorem of one goal whose negation is `negated_goal`, and a twin that is refuted at x = 3 and replays.
inline Theorem fake_theorem(const std::string& hypotheses, const std::string& negated_goal) {
  const Statement statement{[=] {
                              return Obligation{"QF_NRA", {"x"}, hypotheses, {{"the goal", negated_goal}}};
                            },
                            [](const Model&) {
                              return Replay{true, {}};
                            }};
  const Statement twin{
      [] {
        return Obligation{"QF_NRA", {"x"}, kSat, {{"x <= 2.5", kSat}}};
      },
      [](const Model& model) {
        const bool at_three = model == Model{{"x", "3"}};
        return Replay{true, at_three ? std::vector<std::string>{"x <= 2.5"} : std::vector<std::string>{}};
      }};
  return {.name = "fake",
          .sentence = "A theorem for tests.",
          .semantics = "none",
          .statement = statement,
          .twin = {"x is not bounded", twin}};
}

inline TheoremReport prove_one(const Theorem& theorem, const ProveOptions& options = {}) {
  return prove({theorem}, options).front();
}

}  // namespace attest::prove
