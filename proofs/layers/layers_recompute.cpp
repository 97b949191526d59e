// N layers: the evaluator that recomputes everything from the tape equals the one with a cache, whatever the
// layers do. By induction on layers: both run layer_row (layers.hpp), the one on recomputed inputs, the other
// on cached ones; if the inputs of a layer agree, the states agree after every key of its loop, and so do its
// outputs, which are the next layer's inputs. The model is a handful of unknown functions of real numbers.
//
// The evaluators themselves, two layers and up to three tokens; and the induction's steps, at any layer and
// from any state.
#include <fmt/format.h>

#include "attention/layers.hpp"
#include "support/real_theorem.hpp"
#include "support/unknown_function.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

// The layer is an argument of every function: no two layers need be alike.
template <class World>
struct UnknownModel {
  using Number = typename World::Number;

  explicit UnknownModel(World& world)
      : token(world, "token"),
        start(world, "start"),
        read(world, "read"),
        end(world, "end"),
        one_(world.real("one")) {
    world.assume(one_ == 1);
  }

  Number embed(const std::vector<Number>& tape, std::size_t t) const { return token({tape[t]}); }
  Number begin(const Number& layer, const Number& x) const { return start({layer, x}); }
  void absorb(const Number& layer, Number& state, const Number& x, const Number& y) const {
    state = read({layer, state, x, y});
  }
  Number finish(const Number& layer, const Number& state, const Number& x) const {
    return end({layer, state, x});
  }
  // The evaluators count layers.
  Number number(std::size_t layer) const {
    Number n = one_;
    for (std::size_t i = 1; i < layer; ++i) n = n + one_;
    return n;
  }
  Number begin(std::size_t layer, const Number& x) const { return begin(number(layer), x); }
  void absorb(std::size_t layer, Number& state, const Number& x, const Number& y) const {
    absorb(number(layer), state, x, y);
  }
  Number finish(std::size_t layer, const Number& state, const Number& x) const {
    return finish(number(layer), state, x);
  }

  UnknownFunction<World> token, start, read, end;

 private:
  Number one_;
};

template <class World>
void show_step(World& world, const UnknownModel<World>& model) {
  const auto layer = world.real("layer");
  const auto x = world.real("x");
  const auto cached_x = world.real("cached_x");
  const auto y = world.real("y");
  const auto cached_y = world.real("cached_y");
  auto state = world.real("state");
  auto cached_state = world.real("cached_state");
  world.assume(x == cached_x && y == cached_y && state == cached_state);
  world.show("base: the states begin equal", model.begin(layer, x) == model.begin(layer, cached_x));
  world.show("end: equal states give equal outputs",
             model.finish(layer, state, x) == model.finish(layer, cached_state, cached_x));
  model.absorb(layer, state, x, y);
  model.absorb(layer, cached_state, cached_x, cached_y);
  world.show("step: one more key keeps the states equal", state == cached_state);
}

template <class World>
void show_evaluators(World& world, const UnknownModel<World>& model, std::size_t layers, std::size_t tokens) {
  std::vector<typename World::Number> tape;
  for (std::size_t t = 0; t < tokens; ++t) tape.push_back(world.real(fmt::format("tape{}", t)));
  attention::CachedLayers cached(model, tape, layers);
  for (std::size_t t = 0; t < tokens; ++t) {
    attention::NoTrace trace;
    const auto recomputed = attention::recompute(model, tape, layers, t, 1, trace);
    world.show(fmt::format("{} layers, token {}", layers, t), recomputed == cached.next());
  }
}

// The cache of a layer filled with its outputs instead of its inputs: what the next layer reads.
template <class World>
void show_wrong_cache(World& world, const UnknownModel<World>& model) {
  const std::vector<typename World::Number> tape{world.real("tape0"), world.real("tape1")};
  attention::NoTrace trace;
  const auto recomputed = attention::recompute(model, tape, 1, 1, 1, trace);
  const auto first = attention::recompute(model, tape, 1, 0, 1, trace);
  const auto x = model.embed(tape, 1);
  const auto row = attention::layer_row(model, std::size_t{1}, 1, x, [&](std::size_t) { return first; });
  world.show("1 layers, token 1", recomputed == row);
}

}  // namespace

prove::Theorem layers_recompute() {
  const auto statement = [](auto& world, const auto&) {
    const UnknownModel model(world);
    show_step(world, model);
    show_evaluators(world, model, 2, 3);
  };
  const auto wrong_cache = [](auto& world, const auto&) { show_wrong_cache(world, UnknownModel(world)); };
  return prove::about(
      "layers.hpp: layer_row, recompute, CachedLayers",
      real_theorem("layers-recompute",
                   "With any layers, the evaluator that recomputes every input from the tape equals the one "
                   "that caches the inputs of every layer.",
                   statement, OtherTwin{"a layer's outputs cached in place of its inputs", wrong_cache}));
}

}  // namespace attest::proofs
