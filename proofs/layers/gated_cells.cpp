// Elman's RNN and the GRU are their equations, in any arithmetic and a fixed order of operations: three
// tokens of two inputs, three hidden numbers, in one pass and re-read.
#include <fmt/format.h>

#include "attention/cells/flip_book.hpp"
#include "attention/cells/gated.hpp"
#include "support/term_theorem.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

constexpr std::size_t kHidden = 3;
constexpr std::size_t kInputs = 2;
constexpr std::size_t kTokens = 3;

template <class A>
using Vector = std::vector<typename A::Acc>;
template <class A>
using Weights = attention::GateWeights<Vector<A>>;
template <class A>
using GatedState = attention::GatedState<Vector<A>>;

// The equations of the head of gated.hpp, written out.
template <class A>
struct Equations {
  const A& k;
  using X = typename A::Acc;

  X sum(const Vector<A>& w, const Vector<A>& bias, const Vector<A>& x, std::size_t row) const {
    X total = k.mul(w[row * x.size()], x[0]);
    for (std::size_t i = 1; i < x.size(); ++i) total = k.add(total, k.mul(w[row * x.size() + i], x[i]));
    return k.add(total, bias[row]);
  }
  X sigma(const X& x) const {
    return k.div(k.one(), k.add(k.one(), k.exp(k.sub(k.score(k.number(0)), k.score(x)))));
  }
  X tanh(const X& x) const { return k.add(k.mul(k.number(2), sigma(k.mul(k.number(2), x))), k.number(-1)); }
  X gate(const Weights<A>& w, const Vector<A>& x, const Vector<A>& h, std::size_t i) const {
    return k.add(sum(w.input, w.input_bias, x, i), sum(w.hidden, w.hidden_bias, h, i));
  }
  Vector<A> elman(const Weights<A>& w, const Vector<A>& x, const Vector<A>& h) const {
    Vector<A> next;
    for (std::size_t i = 0; i < kHidden; ++i) next.push_back(tanh(gate(w, x, h, i)));
    return next;
  }
  Vector<A> gru(const std::vector<Weights<A>>& w, const Vector<A>& x, const Vector<A>& h) const {
    Vector<A> next;
    for (std::size_t i = 0; i < kHidden; ++i) {
      const X z = sigma(gate(w[0], x, h, i));
      const X r = sigma(gate(w[1], x, h, i));
      const X n = tanh(
          k.add(sum(w[2].input, w[2].input_bias, x, i), k.mul(r, sum(w[2].hidden, w[2].hidden_bias, h, i))));
      next.push_back(k.add(k.mul(k.add(k.one(), k.mul(k.number(-1), z)), n), k.mul(z, h[i])));
    }
    return next;
  }
};

template <class World, class A>
Weights<A> any_weights(World& world, const A& k, const std::string& name) {
  return {any_terms(world, k, name + "w", kHidden * kInputs),
          any_terms(world, k, name + "u", kHidden * kHidden), any_terms(world, k, name + "b", kHidden),
          any_terms(world, k, name + "c", kHidden)};
}

// Rows of a cell, in one pass and each re-read, against those of its equations.
template <class World, class A, class Cell, class Next>
void show_cell(World& world, const std::string& name, const GatedState<A>& empty,
               const std::vector<Vector<A>>& tokens, const Cell& cell, const Next& next) {
  std::vector<Vector<A>> rows(kTokens, empty.h);
  attention::one_pass(cell, GatedState<A>(empty), tokens, rows);
  Vector<A> h = empty.h;
  for (std::size_t t = 0; t < kTokens; ++t) {
    h = next(tokens[t], h);
    Vector<A> row = empty.h;
    attention::flip_book_row(cell, GatedState<A>(empty), tokens, t, row);
    world.show(fmt::format("{}, row {}", name, t), all_same(world, rows[t], h));
    world.show(fmt::format("{}, row {} re-read", name, t), all_same(world, row, h));
  }
}

// Elman's cell that writes its state while it reads it: the twin.
template <class A>
struct InPlace {
  attention::ElmanCell<A, Vector<A>> cell;
  template <class State, class Token>
  void step(State& state, const Token& x) const {
    const Equations<A> equations{cell.k};
    for (std::size_t i = 0; i < kHidden; ++i)
      state.h[i] = equations.tanh(equations.gate(cell.w, x, state.h, i));
  }
  template <class State, class Token, class Output>
  void emit(State& state, const Token& x, Output&& output) const {
    step(state, x);
    for (std::size_t i = 0; i < kHidden; ++i) output[i] = state.h[i];
  }
};

template <class World, class A>
void show_cells(World& world, const A& k, bool in_place) {
  std::vector<Vector<A>> tokens;
  for (std::size_t t = 0; t < kTokens; ++t)
    tokens.push_back(any_terms(world, k, fmt::format("x{}_", t), kInputs));
  const GatedState<A> empty{any_terms(world, k, "h", kHidden), any_terms(world, k, "next", kHidden)};
  const Equations<A> equations{k};
  const Weights<A> w = any_weights(world, k, "e");
  const auto elman = [&](const Vector<A>& x, const Vector<A>& h) { return equations.elman(w, x, h); };
  const attention::ElmanCell<A, Vector<A>> cell{k, w};
  if (in_place) {
    show_cell<World, A>(world, "Elman", empty, tokens, InPlace<A>{cell}, elman);
    return;
  }
  show_cell<World, A>(world, "Elman", empty, tokens, cell, elman);
  const std::vector<Weights<A>> gates{any_weights(world, k, "z"), any_weights(world, k, "r"),
                                      any_weights(world, k, "n")};
  show_cell<World, A>(world, "GRU", empty, tokens,
                      attention::GruCell<A, Vector<A>>{k, gates[0], gates[1], gates[2]},
                      [&](const Vector<A>& x, const Vector<A>& h) { return equations.gru(gates, x, h); });
}

}  // namespace

prove::Theorem gated_cells() {
  return prove::about("cells/gated.hpp: ElmanCell, GruCell; cells/flip_book.hpp: one_pass, flip_book_row",
                      term_theorem(
                          "gated-cells",
                          "Rows of Elman's RNN and of the GRU are those of their equations, in any "
                          "arithmetic, in one pass and "
                          "re-read: three tokens, any initial state.",
                          [](auto& world, const auto& k) { show_cells(world, k, false); },
                          "the state written while it is read",
                          [](auto& world, const auto& k) { show_cells(world, k, true); }));
}

}  // namespace attest::proofs
