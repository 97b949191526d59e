// Schedules bring keys together as their names say: the state of each is, in any arithmetic, that of its
// bracketing written out. Masked keys are left out, and with them tiles that hold nothing else.
#include <fmt/format.h>

#include "attention/online.hpp"
#include "attention/run.hpp"
#include "support/term_theorem.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

using attention::Schedule;
using Keys = std::vector<std::size_t>;

constexpr std::size_t kKeys = 5;

// Brackets over five keys: the tile of the keys named, the merge of two states.
template <class World, class A>
class Brackets {
 public:
  using State = attention::State<A>;

  Brackets(World& world, const A& k) : world_(world), k_(k) {
    for (std::size_t j = 0; j < kKeys; ++j) {
      scores_.push_back(as_score(k, world.number(fmt::format("s{}", j))));
      values_.push_back(any_terms(world, k, fmt::format("v{}_", j), 2));
    }
  }

  // Of one key, then of one more at the same shift.
  State tile(const Keys& keys) const {
    auto m = scores_[keys[0]];
    for (std::size_t i = 1; i < keys.size(); ++i) m = k_.max(m, scores_[keys[i]]);
    State state{m, weight(keys[0], m), {}};
    for (const auto& x : values_[keys[0]]) state.o.push_back(k_.mul(k_.probability(state.l), x));
    for (std::size_t i = 1; i < keys.size(); ++i) add_key(state, keys[i], m);
    return state;
  }
  // After a state: it is rescaled to the max of all keys.
  State tile_after(State state, const Keys& keys) const {
    auto m = state.m;
    for (const std::size_t j : keys) m = k_.max(m, scores_[j]);
    const auto factor = k_.exp(k_.sub(state.m, m));
    state.m = m;
    state.l = k_.mul(state.l, factor);
    for (auto& x : state.o) x = k_.mul(x, factor);
    for (const std::size_t j : keys) add_key(state, j, m);
    return state;
  }
  State both(const State& a, const State& b) const { return attention::merge(k_, a, b); }
  State stepped(State state, std::size_t j) const {
    step(k_, state, scores_[j], values_[j]);
    return state;
  }
  // Keys first .. last - 1 absorbed, or their block.
  State absorbed(State state, std::size_t first, std::size_t last) const {
    absorb(k_, state, part(scores_, first, last), part(values_, first, last));
    return state;
  }
  State block(std::size_t first, std::size_t last) const {
    return attention::block(k_, part(scores_, first, last), part(values_, first, last));
  }

  void show(const std::string& goal, const Schedule& schedule, const State& expected,
            const Keys& visible = {0, 1, 2, 3, 4}) {
    const auto state = run(schedule, visible);
    world_.show(goal, state ? same_state(world_, *state, expected) : world_.known(false));
  }
  void show_state(const std::string& goal, const State& state, const State& expected) {
    world_.show(goal, same_state(world_, state, expected));
  }
  void show_nothing(const std::string& goal, const Schedule& schedule) {
    world_.show(goal, world_.known(!run(schedule, {})));
  }

 private:
  typename A::Acc weight(std::size_t j, const typename A::Score& m) const {
    return k_.exp(k_.sub(scores_[j], m));
  }
  void add_key(State& state, std::size_t j, const typename A::Score& m) const {
    const auto p = k_.probability(weight(j, m));
    state.l = k_.add(state.l, weight(j, m));
    for (std::size_t c = 0; c < state.o.size(); ++c)
      state.o[c] = k_.add(state.o[c], k_.mul(p, values_[j][c]));
  }
  template <class Sequence>
  static Sequence part(const Sequence& all, std::size_t first, std::size_t last) {
    return Sequence(all.begin() + static_cast<std::ptrdiff_t>(first),
                    all.begin() + static_cast<std::ptrdiff_t>(last));
  }
  std::optional<State> run(const Schedule& schedule, const Keys& visible) const {
    return attention::run(k_, schedule, scores_, values_, [&](std::size_t j) {
      return std::find(visible.begin(), visible.end(), j) != visible.end();
    });
  }

  World& world_;
  const A& k_;
  std::vector<typename A::Score> scores_;
  std::vector<std::vector<typename A::Acc>> values_;
};

template <class World, class B>
void show_named(World& world, B& b) {
  using attention::split_k, attention::tiled, attention::tree;
  const auto one = [&](std::size_t j) { return b.tile({j}); };
  b.show("sequential", attention::sequential(4), b.both(b.both(b.both(one(0), one(1)), one(2)), one(3)));
  b.show("a sequence of one", attention::sequential(1), one(0));
  b.show("tiled", tiled(5, 2), b.both(b.both(b.tile({0, 1}), b.tile({2, 3})), one(4)));
  b.show("one tile", tiled(3, 3), b.tile({0, 1, 2}));
  b.show("a tile and a key", tiled(4, 3), b.both(b.tile({0, 1, 2}), one(3)));
  b.show("tree", tree(5), b.both(b.both(one(0), one(1)), b.both(one(2), b.both(one(3), one(4)))));
  b.show("splits", split_k(5, 2, 2), b.both(b.tile({0, 1}), b.both(b.tile({2, 3}), one(4))));
  b.show("more splits than keys", split_k(2, 3, 1), b.both(one(0), one(1)));
  b.show("masked keys", tiled(5, 2), b.both(b.both(one(1), one(3)), one(4)), {1, 3, 4});
  b.show("a masked tile", tiled(5, 2), b.both(b.tile({0, 1}), one(4)), {0, 1, 4});
  b.show("the first tile masked", tiled(5, 2), b.both(b.tile({2, 3}), one(4)), {2, 3, 4});
  b.show_nothing("all masked", tiled(5, 2));
  b.show_nothing("no keys", tiled(0, 2));
  world.show("text", world.known(to_string(split_k(2, 3, 1)) == "(() 0 1)" &&
                                 to_string(tiled(5, 3)) == "(0..2 3..4)" && to_string(tree(1)) == "0" &&
                                 to_string(tiled(4, 2)) == "(0..1 2..3)" &&
                                 to_string(attention::sequential(2)) == "(0 1)"));
}

// What schedules are made of, written out; and the loop of tiles that need no state of their own.
template <class B>
void show_parts(B& b) {
  b.show_state("a block", b.block(0, 3), b.tile({0, 1, 2}));
  b.show_state("a step is the merge with the tile of its key", b.stepped(b.tile({0, 1}), 2),
               b.both(b.tile({0, 1}), b.tile({2})));
  b.show_state("a tile absorbed", b.absorbed(b.tile({0, 1}), 2, 5), b.tile_after(b.tile({0, 1}), {2, 3, 4}));
}

template <class B>
void show_all(B& b, const std::vector<Schedule>& schedules, const std::string& name,
              const std::vector<typename B::State>& expected) {
  for (std::size_t i = 0; i < std::max(schedules.size(), expected.size()); ++i)
    b.show(fmt::format("{} {}", name, i), schedules.at(i), expected.at(i));
}

// Tiles merged from the right: the twin.
template <class World, class A>
void show_from_the_right(World& world, const A& k) {
  Brackets<World, A> b(world, k);
  b.show("tiled", Schedule{0, 5, {{0, 2, {}}, {2, 5, {{2, 4, {}}, {4, 5, {}}}}}},
         b.both(b.both(b.tile({0, 1}), b.tile({2, 3})), b.tile({4})));
}

template <class World, class A>
void show_schedules(World& world, const A& k) {
  Brackets<World, A> b(world, k);
  show_named(world, b);
  show_parts(b);
  const auto one = [&](std::size_t j) { return b.tile({j}); };
  const auto two = [&](std::size_t i, std::size_t j) { return b.both(one(i), one(j)); };
  show_all(b, attention::all_bracketings(4), "bracketing",
           {b.both(one(0), b.both(one(1), two(2, 3))), b.both(one(0), b.both(two(1, 2), one(3))),
            b.both(two(0, 1), two(2, 3)), b.both(b.both(one(0), two(1, 2)), one(3)),
            b.both(b.both(two(0, 1), one(2)), one(3))});
  show_all(b, attention::all_schedules(3), "schedule",
           {b.tile({0, 1, 2}), b.both(one(0), b.tile({1, 2})), b.both(one(0), two(1, 2)),
            b.both(b.tile({0, 1}), one(2)), b.both(two(0, 1), one(2))});
}

}  // namespace

prove::Theorem every_schedule() {
  return prove::about(
      "schedule.hpp: sequential, tiled, tree, split_k, all_bracketings, all_schedules, to_string; run.hpp: "
      "run; recurrence.hpp: block, merge, step; online.hpp: absorb",
      term_theorem(
          "every-schedule",
          "The state of a schedule is, in any arithmetic, its bracketing of up to five keys written out; "
          "masked keys are left out. A block and an absorbed tile are their operations written out, a step "
          "is the merge with the tile of its key.",
          [](auto& world, const auto& k) { show_schedules(world, k); }, "tiles merged from the right",
          [](auto& world, const auto& k) { show_from_the_right(world, k); }));
}

}  // namespace attest::proofs
