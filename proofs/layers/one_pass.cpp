// One pass over the tokens gives the rows of re-reading, for a cell whose state does not depend on the row's
// query.
#include <fmt/format.h>

#include "attention/cells/flip_book.hpp"
#include "attention/cells/linear_attention.hpp"
#include "support/any_tokens.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

constexpr std::size_t kTokens = 5;

template <class World, class A>
void show_rows(World& world, const A& k, bool state_kept) {
  const attention::LinearAttention<A> cell{k};
  std::vector<attention::LinearToken<A>> tokens;
  for (std::size_t j = 0; j < kTokens; ++j)
    tokens.push_back({any_numbers(world, k, fmt::format("q{}_", j), 1, Sign::positive),
                      any_numbers(world, k, fmt::format("k{}_", j), 1, Sign::positive),
                      any_numbers(world, k, fmt::format("v{}_", j), 1)});
  std::vector<std::vector<typename A::Acc>> rows(kTokens, {k.zero()});
  if (state_kept) {
    attention::one_pass(cell, cell.empty(1, 1), tokens, rows);
  } else {
    for (std::size_t t = 0; t < kTokens; ++t) {
      auto state = cell.empty(1, 1);
      cell.emit(state, tokens[t], rows[t]);
    }
  }
  for (std::size_t t = 0; t < kTokens; ++t) {
    std::vector<typename A::Acc> row{k.zero()};
    attention::flip_book_row(cell, cell.empty(1, 1), tokens, t, row);
    world.show(fmt::format("row {}", t), number_of(k, rows[t][0]) == number_of(k, row[0]));
  }
}

}  // namespace

prove::Theorem one_pass_rows() {
  const auto statement = [](auto& world, const auto& k) { show_rows(world, k, true); };
  const auto reset = [](auto& world, const auto& k) { show_rows(world, k, false); };
  return prove::about(
      "cells/flip_book.hpp: one_pass, flip_book_row; cells/linear_attention.hpp: LinearAttention",
      real_theorem("one-pass-rows",
                   "One pass of linear attention over five tokens gives the rows of re-reading them.",
                   statement, OtherTwin{"the state of no tokens before every row", reset}));
}

}  // namespace attest::proofs
