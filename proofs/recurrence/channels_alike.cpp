// Every component of the numerator is treated like the first: with four components, each is what values of
// that component alone give, bit for bit. So what other theorems show of one component holds of all.
#include <functional>

#include <fmt/format.h>

#include "attention/cells/linear_attention.hpp"
#include "attention/dot.hpp"
#include "attention/guarded.hpp"
#include "attention/lazy.hpp"
#include "attention/online.hpp"
#include "support/any_tokens.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

constexpr std::size_t kChannels = 4;
constexpr std::size_t kKeys = 2;

// Keys with values of kChannels components, and two states.
template <class A>
struct Inputs {
  std::vector<typename A::Score> scores;
  std::vector<std::vector<typename A::Acc>> values;
  attention::State<A> a, b;
  typename A::Score tau;

  /// The same with component c alone.
  Inputs channel(std::size_t c) const {
    Inputs alone = *this;
    for (auto& value : alone.values) value = {value[c]};
    alone.a.o = {a.o[c]};
    alone.b.o = {b.o[c]};
    return alone;
  }
};

template <class World, class A>
attention::State<A> any_wide_state(World& world, const A& k, const std::string& name) {
  auto state = any_state(world, k, name);
  for (std::size_t c = 1; c < kChannels; ++c)
    state.o.push_back(as_numerator(k, world.real(fmt::format("o{}_{}", c, name))));
  return state;
}

template <class World, class A>
Inputs<A> any_inputs(World& world, const A& k) {
  const auto keys = any_keys(world, kKeys);
  Inputs<A> inputs{scores_of(keys, k),
                   {},
                   any_wide_state(world, k, "a"),
                   any_wide_state(world, k, "b"),
                   as_score(k, world.real("tau"))};
  for (std::size_t j = 0; j < kKeys; ++j)
    inputs.values.push_back(any_numbers(world, k, fmt::format("v{}_", j), kChannels));
  return inputs;
}

template <class A>
attention::State<A> after_lazy(const A& k, const Inputs<A>& in) {
  auto state = in.a;
  lazy_absorb(k, state, in.scores, in.values, in.tau);
  return state;
}

// Each way to make a state, by name.
template <class A>
using Ways =
    std::vector<std::pair<const char*, std::function<attention::State<A>(const A&, const Inputs<A>&)>>>;

template <class A>
Ways<A> ways() {
  using In = Inputs<A>;
  return {{"block", [](const A& k, const In& in) { return attention::block(k, in.scores, in.values); }},
          {"merge", [](const A& k, const In& in) { return merge(k, in.a, in.b); }},
          {"step",
           [](const A& k, const In& in) {
             auto state = in.a;
             step(k, state, in.scores[0], in.values[0]);
             return state;
           }},
          {"absorb",
           [](const A& k, const In& in) {
             auto state = in.a;
             absorb(k, state, in.scores, in.values);
             return state;
           }},
          {"lazy_absorb", after_lazy<A>},
          {"guarded_absorb",
           [](const A& k, const In& in) {
             auto state = in.a;
             guarded_absorb(k, state, in.scores, in.values);
             return state;
           }},
          {"guarded_merge_into", [](const A& k, const In& in) {
             auto state = in.a;
             guarded_merge_into(k, state, in.b);
             return state;
           }}};
}

template <class World, class A>
void show_outputs(World& world, const A& k, const Inputs<A>& in) {
  const auto output = finalize(k, in.a);
  const auto guarded = guarded_finalize(k, in.a);
  for (std::size_t c = 0; c < kChannels; ++c) {
    const auto alone = in.channel(c).a;
    world.show(fmt::format("finalize, component {}", c),
               number_of(k, output[c]) == number_of(k, finalize(k, alone)[0]));
    world.show(fmt::format("guarded_finalize, component {}", c),
               number_of(k, guarded[c]) == number_of(k, guarded_finalize(k, alone)[0]));
  }
}

// A dot product of n components is that of n - 1, and one product more.
template <class World, class A>
void show_dot(World& world, const A& k) {
  const auto x = any_numbers(world, k, "x", kChannels);
  const auto y = any_numbers(world, k, "y", kChannels);
  for (std::size_t n = 1; n < kChannels; ++n) {
    const auto first = [](const auto& all, std::size_t count) {
      return std::vector(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
    };
    const auto shorter = attention::dot(k, first(x, n), first(y, n));
    world.show(fmt::format("dot of {}", n + 1),
               number_of(k, attention::dot(k, first(x, n + 1), first(y, n + 1))) ==
                   number_of(k, k.add(shorter, k.mul(x[n], y[n]))));
  }
}

// Linear attention keeps kChannels sums a feature.
template <class World, class A>
void show_linear(World& world, const A& k) {
  const attention::LinearAttention<A> cell{k};
  std::vector<attention::LinearToken<A>> tokens;
  for (std::size_t j = 0; j < 2; ++j)
    tokens.push_back({any_numbers(world, k, fmt::format("q{}_", j), 2, Sign::positive),
                      any_numbers(world, k, fmt::format("k{}_", j), 2, Sign::positive),
                      any_numbers(world, k, fmt::format("u{}_", j), kChannels)});
  const auto row_of = [&](const std::vector<attention::LinearToken<A>>& heard) {
    const std::size_t v_dim = heard[0].value.size();
    auto state = cell.empty(2, v_dim);
    std::vector<typename A::Acc> row(v_dim, k.zero());
    attention::flip_book_row(cell, state, heard, 1, row);
    return row;
  };
  const auto row = row_of(tokens);
  for (std::size_t c = 0; c < kChannels; ++c) {
    auto alone = tokens;
    for (auto& token : alone) token.value = {token.value[c]};
    world.show(fmt::format("linear attention, component {}", c),
               number_of(k, row[c]) == number_of(k, row_of(alone)[0]));
  }
}

}  // namespace

prove::Theorem channels_alike() {
  const auto statement = [](auto& world, const auto& k) {
    using A = std::decay_t<decltype(k)>;
    const Inputs<A> in = any_inputs(world, k);
    for (const auto& [name, way] : ways<A>()) {
      const auto state = way(k, in);
      for (std::size_t c = 0; c < kChannels; ++c) {
        const auto alone = way(k, in.channel(c));
        const std::string note = fmt::format(", {}, component {}", name, c);
        world.show("same l" + note, number_of(k, state.l) == number_of(k, alone.l));
        world.show("same o" + note, number_of(k, state.o[c]) == number_of(k, alone.o[0]));
      }
    }
    show_outputs(world, k, in);
    show_dot(world, k);
    show_linear(world, k);
  };
  const auto first_alone_rescaled = [](auto& world, const auto& k) {
    using A = std::decay_t<decltype(k)>;
    const Inputs<A> in = any_inputs(world, k);
    auto state = merge(k, in.a, in.b);
    state.o[1] = k.add(in.a.o[1], in.b.o[1]);
    const auto alone = in.channel(1);
    world.show("same o, component 1",
               number_of(k, state.o[1]) == number_of(k, merge(k, alone.a, alone.b).o[0]));
  };
  return prove::about(
      "recurrence.hpp: block, merge, step, finalize; online.hpp: absorb; lazy.hpp: lazy_absorb; guarded.hpp: "
      "guarded_absorb, guarded_merge_into, guarded_finalize; dot.hpp: dot; cells/linear_attention.hpp: "
      "LinearAttention",
      real_theorem("channels-alike",
                   "With four components, each component of a state, an output and a row of linear "
                   "attention is what values of that component alone give.",
                   statement, OtherTwin{"only the first component rescaled", first_alone_rescaled}));
}

}  // namespace attest::proofs
