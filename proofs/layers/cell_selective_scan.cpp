// The selective scan: recurrent equals parallel equals chunked. A step is the affine map of its token on any
// state (so scans may bracket: affine_chain.cpp); rows of three tokens are those of the closed form.
#include "attention/cells/selective_scan.hpp"
#include "support/any_tokens.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

constexpr std::size_t kStateDim = 2;

template <class World, class A>
attention::ScanToken<A> any_token(World& world, const A& k, std::size_t j) {
  attention::ScanToken<A> token{{},
                                as_acc(k, world.real(fmt::format("delta{}", j))),
                                any_numbers(world, k, fmt::format("b{}_", j), kStateDim),
                                any_numbers(world, k, fmt::format("c{}_", j), kStateDim),
                                as_acc(k, world.real(fmt::format("x{}", j)))};
  for (std::size_t n = 0; n < kStateDim; ++n)
    token.delta_a.push_back(any_score(world, k, fmt::format("a{}_{}", j, n)));
  return token;
}

}  // namespace

prove::Theorem cell_selective_scan() {
  const auto statement = [](auto& world, const auto& k) {
    using A = std::decay_t<decltype(k)>;
    const attention::SelectiveScan<A> cell{k, as_acc(k, world.real("D"))};
    std::vector<attention::ScanToken<A>> tokens;
    for (std::size_t j = 0; j < 3; ++j) tokens.push_back(any_token(world, k, j));
    show_closed_form(world, k, cell, cell.empty(kStateDim), tokens);
    auto h = any_numbers(world, k, "h", kStateDim);
    auto mapped = h;
    cell.step(h, tokens[0]);
    apply(k, cell.map_of(tokens[0]), mapped);
    show_same_numbers(world, k, h, mapped, "a step is its token's map");
    auto both = cell.map_of(tokens[0]);
    chain_into(k, both, cell.map_of(tokens[1]));
    auto chained = any_numbers(world, k, "g", kStateDim);
    auto stepped = chained;
    for (std::size_t j = 0; j < 2; ++j) cell.step(stepped, tokens[j]);
    apply(k, both, chained);
    show_same_numbers(world, k, stepped, chained, "two steps are the chain of their maps");
  };
  return prove::about(
      "cells/selective_scan.hpp: SelectiveScan",
      real_theorem("cell-selective-scan",
                   "The selective scan: a step is the affine map of its token, two are their chain, and the "
                   "rows are those of the closed form.",
                   statement, FaultTwin{semantics::ArithmeticFault::nothing_rescaled}));
}

}  // namespace attest::proofs
