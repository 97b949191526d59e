// Linear attention: recurrent equals parallel equals chunked. Rows of three tokens with two features, and any
// state split into two segments.
#include <fmt/format.h>

#include "attention/cells/flip_book.hpp"
#include "attention/cells/linear_attention.hpp"
#include "support/any_tokens.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

constexpr std::size_t kFeatures = 2;

template <class World, class A>
attention::LinearToken<A> any_token(World& world, const A& k, std::size_t j) {
  return {any_numbers(world, k, fmt::format("q{}_", j), kFeatures, Sign::positive),
          any_numbers(world, k, fmt::format("k{}_", j), kFeatures, Sign::positive),
          any_numbers(world, k, fmt::format("v{}_", j), 1)};
}

// Merging the states of two segments leaves what one pass over both does.
template <class World, class A>
void show_merge(World& world, const A& k, const std::vector<attention::LinearToken<A>>& tokens) {
  const attention::LinearAttention<A> cell{k};
  auto first = cell.empty(kFeatures, 1);
  for (std::size_t f = 0; f < kFeatures; ++f) {
    first.z[f] = as_acc(k, world.real(fmt::format("z{}", f)));
    first.s[f] = as_acc(k, world.real(fmt::format("s{}", f)));
  }
  auto whole = first;
  auto second = cell.empty(kFeatures, 1);
  for (const auto& token : tokens) {
    cell.step(whole, token);
    cell.step(second, token);
  }
  cell.merge_into(first, second);
  show_same_numbers(world, k, first.z, whole.z, "z, chunked");
  show_same_numbers(world, k, first.s, whole.s, "S, chunked");
}

}  // namespace

prove::Theorem cell_linear_attention() {
  const auto statement = [](auto& world, const auto& k) {
    using A = std::decay_t<decltype(k)>;
    std::vector<attention::LinearToken<A>> tokens;
    for (std::size_t j = 0; j < 3; ++j) tokens.push_back(any_token(world, k, j));
    const attention::LinearAttention<A> cell{k};
    show_closed_form(world, k, cell, cell.empty(kFeatures, 1), tokens);
    show_merge(world, k, tokens);
  };
  const auto own_left_out = [](auto& world, const auto& k) {
    using A = std::decay_t<decltype(k)>;
    const std::vector<attention::LinearToken<A>> tokens{any_token(world, k, 0), any_token(world, k, 1)};
    const attention::LinearAttention<A> cell{k};
    auto unheard = tokens;
    for (auto& component : unheard[1].key) component = k.zero();
    show_row(world, k, cell, cell.empty(kFeatures, 1), tokens, 1, unheard);
  };
  return prove::about(
      "cells/linear_attention.hpp: LinearAttention; cells/flip_book.hpp: flip_book_row",
      real_theorem("cell-linear-attention",
                   "Linear attention: the recurrent rows are those of the closed form, and the states of "
                   "two segments add up to that of both.",
                   statement, OtherTwin{"a row without its own token", own_left_out}));
}

}  // namespace attest::proofs
