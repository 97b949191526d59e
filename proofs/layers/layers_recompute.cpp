// Many layers: the evaluator that recomputes everything from the tape, and the one with a cache, give what
// the definition does, whatever a layer does; three layers and three tokens. The first tells a trace what it
// does, which the space of a recomputation is counted by. (Any number of layers and tokens:
// proofs/coq/layers.v.)
#include <fmt/format.h>

#include "attention/layers.hpp"
#include "support/unknown_function.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

constexpr std::size_t kLayers = 3;
constexpr std::size_t kTokens = 3;
constexpr std::size_t kFrame = 5;  // words, which no number of layers or tokens here is

template <class A>
using Tape = std::vector<typename A::Acc>;

// A handful of unknown functions, of each layer its own.
template <class A>
struct UnknownModel {
  using X = typename A::Acc;
  const A& k;

  X embed(const Tape<A>& tape, std::size_t t) const { return unknown(k, "embed", {tape[t]}); }
  X begin(std::size_t layer, const X& x) const { return unknown(k, of(layer, "begin"), {x}); }
  void absorb(std::size_t layer, X& state, const X& x, const X& y) const {
    state = unknown(k, of(layer, "absorb"), {state, x, y});
  }
  X finish(std::size_t layer, const X& state, const X& x) const {
    return unknown(k, of(layer, "finish"), {state, x});
  }

 private:
  static std::string of(std::size_t layer, const char* name) { return fmt::format("{}_{}", name, layer); }
};

// What an evaluator says that it does.
struct Events : attention::NoTrace {
  std::vector<std::string> said;
  void enter(std::size_t level, std::size_t t, std::size_t words) {
    said.push_back(fmt::format("enter {} {} {}", level, t, words));
  }
  void loop(std::size_t level, std::size_t t, std::size_t j) {
    said.push_back(fmt::format("loop {} {} {}", level, t, j));
  }
  void leave(std::size_t level, std::size_t t, std::size_t words) {
    said.push_back(fmt::format("leave {} {} {}", level, t, words));
  }
  void leaf(std::size_t t) { said.push_back(fmt::format("leaf {}", t)); }
};

// The output of layer n at token t by its definition, with its events in turn.
template <class A>
typename A::Acc defined(const UnknownModel<A>& model, const Tape<A>& tape, std::size_t n, std::size_t t,
                        Events& events) {
  if (n == 0) {
    events.leaf(t);
    return model.embed(tape, t);
  }
  events.enter(n, t, kFrame);
  const auto x = defined(model, tape, n - 1, t, events);
  auto state = model.begin(n, x);
  for (std::size_t j = 0; j < t; ++j) {
    events.loop(n, t, j);
    model.absorb(n, state, x, defined(model, tape, n - 1, j, events));
  }
  events.leave(n, t, kFrame);
  return model.finish(n, state, x);
}

template <class World, class A>
void show_evaluators(World& world, const A& k) {
  const UnknownModel<A> model{k};
  const Tape<A> tape = any_terms(world, k, "tape", kTokens);
  attention::CachedLayers cached(model, tape, kLayers);
  for (std::size_t t = 0; t < kTokens; ++t) {
    Events said;
    Events expected;
    const auto right = defined(model, tape, kLayers, t, expected);
    world.show(fmt::format("token {}, recomputed", t),
               same(attention::recompute(model, tape, kLayers, t, kFrame, said), right));
    world.show(fmt::format("token {}, what is said of it", t), world.known(said.said == expected.said));
    world.show(fmt::format("token {}, cached", t), same(cached.next(), right));
    world.show(fmt::format("token {}, inputs kept", t), world.known(cached.kept() == (t + 1) * kLayers));
  }
}

// The cache of a layer filled with its outputs instead of its inputs: what the next layer reads.
template <class World, class A>
void show_wrong_cache(World& world, const A& k) {
  const UnknownModel<A> model{k};
  const Tape<A> tape = any_terms(world, k, "tape", 2);
  Events events;
  const auto first = defined(model, tape, 1, 0, events);
  const auto row = attention::layer_row(model, std::size_t{1}, 1, model.embed(tape, 1),
                                        [&](std::size_t) { return first; });
  world.show("token 1, cached", same(row, defined(model, tape, 1, 1, events)));
}

}  // namespace

prove::Theorem layers_recompute() {
  return prove::about(
      "layers.hpp: layer_row, recompute, CachedLayers",
      term_theorem(
          "layers-recompute",
          "The evaluator that recomputes every input from the tape, and the one that caches the inputs of "
          "every "
          "layer, equal the definition, whatever a layer does; and the former says what it does: three "
          "layers, three tokens.",
          [](auto& world, const auto& k) { show_evaluators(world, k); },
          "a layer's outputs cached in place of its inputs",
          [](auto& world, const auto& k) { show_wrong_cache(world, k); }));
}

}  // namespace attest::proofs
