// The invariant that proves constant_space.cpp, for any frame F and any shared S: level n has at most F n + S
// words in use. Every clause keeps it, so both solvers can check it. A cache that grows by a word a token
// does not keep it.
#include "support/real_theorem.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World>
void show_clauses(World& world, bool kept_below) {
  const auto F = world.real("F");
  const auto S = world.real("S");
  const auto n = world.real("n");
  const auto p = world.real("p");
  const auto q = world.real("q");
  world.assume(F >= 0 && S >= 0 && n >= 1);
  const auto below = F * (n - 1) + S;
  const auto bound = F * n + S;
  world.assume(p <= bound);
  if (kept_below) world.assume(q <= below);
  world.show("embedding", S <= F * (n - n) + S);
  world.show("own input", implies(p <= below, F + p <= bound));
  world.show("one more input", choose(p < F + q, F + q, p) <= bound);
}

}  // namespace

prove::Theorem space_invariant() {
  const auto statement = [](auto& world, const auto&) { show_clauses(world, true); };
  const auto grows = [](auto& world, const auto&) { show_clauses(world, false); };
  return prove::about(
      prove::kByTraces,
      real_theorem(
          "space-invariant",
          "Each clause of the recompute evaluator keeps its words in use within F n + S, for any frame F "
          "and any shared words S.",
          statement, OtherTwin{"what is kept below is not bounded", grows}));
}

}  // namespace attest::proofs
