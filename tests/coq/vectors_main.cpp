// attest_coq_vectors COUNT SEED: writes what the attention code gives in f32, as a Coq file that
// proofs/coq/link.v can compare bit by bit: keys, what is done with them, the exponentials that were met, and
// the bits of state and output; then traces of the evaluator that recomputes its inputs.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "attention/layers.hpp"
#include "attention/online.hpp"
#include "attention/recurrence.hpp"
#include "numerics/draw.hpp"
#include "semantics/native.hpp"

namespace attest::attention {
namespace {

// The C library's exponential, which remembers what it was asked.
struct RecordedExp {
  std::map<std::uint32_t, std::uint32_t>* table;
  float operator()(float x) const {
    const float result = std::exp(x);
    (*table)[std::bit_cast<std::uint32_t>(x)] = std::bit_cast<std::uint32_t>(result);
    return result;
  }
};
using F32 = semantics::Native<float, RecordedExp>;

struct Draws {
  std::uint64_t seed;
  std::size_t below(std::size_t n) {
    return static_cast<std::size_t>(random_below(seed++, static_cast<std::int64_t>(n)));
  }
};

// What the numbers of a vector look like: exponents of a range, and how many bits of the significand are
// used.
struct Numbers {
  std::uint32_t lowest_exponent, exponents, bits;
};

float number(Draws& draws, const Numbers& numbers) {
  const auto sign = static_cast<std::uint32_t>(draws.below(2)) << 31U;
  const auto exponent = numbers.lowest_exponent + static_cast<std::uint32_t>(draws.below(numbers.exponents));
  const auto significand = static_cast<std::uint32_t>(draws.below(1U << numbers.bits))
                           << (23U - numbers.bits);
  return std::bit_cast<float>(sign | exponent << 23U | significand);
}

// Scores: near 1; few and often equal; of any size, up to infinities and NaN, down to subnormal numbers.
constexpr Numbers kScores[] = {{123, 7, 23}, {126, 3, 1}, {120, 10, 23}, {0, 256, 23}};
// Values: near 1; tiny, so that products are subnormal; large, so that sums overflow; anything.
constexpr Numbers kValues[] = {{123, 8, 23}, {0, 8, 23}, {250, 5, 23}, {0, 256, 23}};

std::string bits(float x) { return std::isnan(x) ? "-1" : std::to_string(std::bit_cast<std::uint32_t>(x)); }

template <class Sequence>
std::string list_of(const Sequence& sequence) {
  std::string text;
  for (const auto& item : sequence) text += (text.empty() ? "" : "; ") + item;
  return "[" + text + "]";
}

std::string bits_of(const std::vector<float>& numbers) {
  std::vector<std::string> all;
  for (const float x : numbers) all.push_back(bits(x));
  return list_of(all);
}

struct Keys {
  std::vector<float> scores;
  std::vector<std::vector<float>> values;
  Keys part(std::size_t first, std::size_t count) const {
    const auto from = static_cast<std::ptrdiff_t>(first);
    const auto to = static_cast<std::ptrdiff_t>(first + count);
    return {{scores.begin() + from, scores.begin() + to}, {values.begin() + from, values.begin() + to}};
  }
};

// A state of the keys first .. first + count - 1, brought together in a way that is drawn, and that way in
// Coq.
State<F32> run(const F32& k, const Keys& keys, std::size_t first, std::size_t count, Draws& draws,
               std::string& plan) {
  const std::size_t way = count == 1 ? 0 : draws.below(4);
  if (way == 0) {
    plan += fmt::format("(block_of {} {})", first, count);
    const Keys part = keys.part(first, count);
    return block(k, part.scores, part.values);
  }
  const std::size_t cut = way == 2 ? count - 1 : 1 + draws.below(count - 1);
  plan += way == 1 ? "(merge_of " : way == 2 ? "(step_of " : "(absorb_of ";
  State<F32> state = run(k, keys, first, cut, draws, plan);
  if (way == 1) {
    plan += " ";
    const State<F32> other = run(k, keys, first + cut, count - cut, draws, plan);
    plan += ")";
    return merge(k, state, other);
  }
  if (way == 2) {
    plan += fmt::format(" {})", first + cut);
    step(k, state, keys.scores[first + cut], keys.values[first + cut]);
    return state;
  }
  plan += fmt::format(" {} {})", first + cut, count - cut);
  const Keys part = keys.part(first + cut, count - cut);
  absorb(k, state, part.scores, part.values);
  return state;
}

std::string vector_of(Draws& draws) {
  const Numbers scores = kScores[draws.below(std::size(kScores))];
  const Numbers values = kValues[draws.below(std::size(kValues))];
  const std::size_t count = 1 + draws.below(12);
  const std::size_t v_dim = 1 + draws.below(3);
  Keys keys;
  std::vector<std::string> written;
  for (std::size_t j = 0; j < count; ++j) {
    keys.scores.push_back(number(draws, scores));
    keys.values.emplace_back();
    for (std::size_t c = 0; c < v_dim; ++c) keys.values[j].push_back(number(draws, values));
    std::vector<std::string> value;
    for (const float x : keys.values[j]) value.push_back(std::to_string(std::bit_cast<std::uint32_t>(x)));
    written.push_back(fmt::format("({}, {})", std::bit_cast<std::uint32_t>(keys.scores[j]), list_of(value)));
  }
  std::map<std::uint32_t, std::uint32_t> exponentials;
  const F32 k{RecordedExp{&exponentials}};
  std::string plan;
  const State<F32> state = run(k, keys, 0, count, draws, plan);
  std::vector<std::string> table;
  for (const auto& [x, y] : exponentials) table.push_back(fmt::format("({}, {})", x, y));
  return fmt::format("Vector {}%Z {}%nat {}%Z ({}) ({}) {}%Z {}%Z", list_of(written), plan, list_of(table),
                     bits(state.m), bits(state.l), bits_of(state.o), bits_of(finalize(k, state)));
}

// A model of which only the order of its calls matters.
struct NoModel {
  int embed(int, std::size_t) const { return 0; }
  int begin(std::size_t, int) const { return 0; }
  void absorb(std::size_t, int&, int, int) const {}
  int finish(std::size_t, int, int) const { return 0; }
};

struct WrittenTrace {
  std::vector<std::string> events;
  void enter(std::size_t level, std::size_t t, std::size_t) { add("enter {} {}", level, t); }
  void loop(std::size_t level, std::size_t t, std::size_t j) { add("loop {} {} {}", level, t, j); }
  void leave(std::size_t level, std::size_t t, std::size_t) { add("leave {} {}", level, t); }
  void leaf(std::size_t t) { add("space.leaf {}", t); }
  template <class... Numbers>
  void add(const char* format, Numbers... numbers) {
    events.push_back(fmt::format(fmt::runtime(format), numbers...));
  }
};

std::string trace_of(std::size_t level, std::size_t t) {
  WrittenTrace trace;
  recompute(NoModel{}, 0, level, t, 1, trace);
  return fmt::format("({}, {}, {})", level, t, list_of(trace.events));
}

void write(std::size_t count, std::uint64_t seed) {
  Draws draws{mixed(seed)};
  std::cout << "From Coq Require Import ZArith List.\nFrom Attest Require Import program space link.\n"
               "Import ListNotations.\n";
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    names.push_back(fmt::format("v{}", i));
    std::cout << "Definition v" << i << " := " << vector_of(draws) << ".\n";
  }
  std::vector<std::string> traces;
  for (std::size_t level = 0; level <= 3; ++level)
    for (std::size_t t = 0; t <= 4; ++t) traces.push_back(trace_of(level, t));
  std::cout << "Definition vectors := " << list_of(names) << ".\nDefinition traces := " << list_of(traces)
            << ".\n";
}

}  // namespace
}  // namespace attest::attention

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: attest_coq_vectors COUNT SEED\n";
    return 64;
  }
  attest::attention::write(std::strtoull(argv[1], nullptr, 10), std::strtoull(argv[2], nullptr, 10));
}
