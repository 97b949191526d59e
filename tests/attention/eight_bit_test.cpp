// Theorem "numerator-within", in every number of two 8-bit formats: a second way to it where bits are few.
// Both solvers prove it bit by bit for e4m3 (proofs/edges/numerator_within.cpp); Z3 4.8.12 gives up on
// significands of 3 bits.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "attention/online.hpp"
#include "semantics/emulated.hpp"
#include "semantics/faulty.hpp"

namespace attest::attention {
namespace {

// The numbers of a format, zero once, without NaN, in their order: an index compares as its number does.
std::vector<double> numbers_of(const Format& format) {
  std::vector<double> numbers;
  for (double x = 0; x <= format.max_finite();) {
    numbers.push_back(x);
    if (x > 0) numbers.push_back(-x);
    const int exponent = x < format.min_normal() ? format.emin : std::ilogb(x);
    x += std::ldexp(1.0, exponent - format.precision + 1);
  }
  numbers.push_back(HUGE_VAL);
  numbers.push_back(-HUGE_VAL);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

// An emulated format with its operations looked up; -0 is 0. The exponential is 1 at 0 and `any` elsewhere:
// with `any` going through [0, 1], no exponential that keeps its contract is left out.
class Tabled {
 public:
  using Number = std::uint8_t;
  using Score = Number;
  using Acc = Number;
  struct Condition {};

  explicit Tabled(const Format& format) : numbers_(numbers_of(format)) {
    const semantics::Emulated<> k(format);
    for (const double x : numbers_) {
      for (const double y : numbers_) {
        sub_.push_back(index(k.sub(x, y)));
        add_.push_back(index(k.add(x, y)));
        mul_.push_back(index(k.mul(x, y)));
      }
    }
  }

  const std::vector<double>& numbers() const { return numbers_; }
  Number index(double x) const {
    const auto found = std::lower_bound(numbers_.begin(), numbers_.end(), x);
    // NaN, which no step below comes to, is past the end.
    return static_cast<Number>(found != numbers_.end() && *found == x ? found - numbers_.begin() : kOther);
  }

  Score max(Score s, Score t) const { return std::max(s, t); }
  Score sub(Score s, Score t) const { return sub_[at(s, t)]; }
  Acc exp(Score s) const { return s == index_of_zero() ? one() : any; }
  Acc probability(Acc x) const { return x; }
  Acc one() const { return one_; }
  Acc add(Acc x, Acc y) const { return add_[at(x, y)]; }
  Acc mul(Acc x, Acc y) const { return mul_[at(x, y)]; }
  Acc div(Acc x, Acc) const { return x; }  // not part of a step

  // Faulty asks for these; a step of the recurrence does not.
  Score masked() const { return kOther; }
  Score origin() const { return index_of_zero(); }
  Acc zero() const { return index_of_zero(); }
  Condition empty(Score) const { return {}; }
  Score select(Condition, Score s, Score) const { return s; }
  Condition exceeds(Score, Score, Score) const { return {}; }

  Acc any = 0;

 private:
  static constexpr Number kOther = 255;
  std::size_t at(Number x, Number y) const { return x * numbers_.size() + y; }
  Number index_of_zero() const { return static_cast<Number>(numbers_.size() / 2); }

  std::vector<double> numbers_;
  std::vector<Number> sub_, add_, mul_;
  Number one_ = index(1);
};

struct Outcome {
  std::int64_t tried = 0;
  std::string first_violation;
};

Tabled::Number number_of(Tabled::Acc x) { return x; }
Tabled::Number number_of(const semantics::Faulty<Tabled>::Acc& x) { return x.value; }

void set(Tabled::Acc& x, unsigned number, bool) { x = static_cast<Tabled::Number>(number); }
void set(semantics::Faulty<Tabled>::Acc& x, unsigned number, bool numerator) {
  using Role = semantics::Faulty<Tabled>::Role;
  x = {static_cast<Tabled::Number>(number), numerator ? Role::numerator : Role::plain};
}

// A key joins a state at these exponentials: one of the two weights is 1, the other is `table.any`.
template <class A>
class Step {
 public:
  Step(const Tabled& table, const A& k, bool rescaled)
      : k_(k),
        m_(rescaled ? table.index(-1) : table.index(0)),
        score_{rescaled ? table.index(0) : table.index(-1)} {}

  /// Whether |o| <= l is kept.
  bool keeps(unsigned l, unsigned o, unsigned v) const {
    State<A, std::array<typename A::Acc, 1>> state{m_, k_.zero(), {k_.zero()}};
    std::array<std::array<typename A::Acc, 1>, 1> value{{{k_.zero()}}};
    set(state.l, l, false);
    set(state.o[0], o, true);
    set(value[0][0], v, false);
    absorb(k_, state, score_, value);
    const int zero = number_of(k_.zero());
    return std::abs(number_of(state.o[0]) - zero) <= number_of(state.l) - zero;
  }

 private:
  const A& k_;
  Tabled::Score m_;
  std::array<Tabled::Score, 1> score_;
};

// Every finite l >= 0, |o| <= l, |v| <= 1 and weight.
template <class A>
Outcome every_step(Tabled& table, const A& k) {
  const Tabled::Number zero = table.index(0), one = table.index(1), minus_one = table.index(-1);
  const auto infinity = static_cast<unsigned>(table.numbers().size() - 1);
  Outcome outcome;
  for (const bool rescaled : {false, true}) {
    const Step<A> step(table, k, rescaled);
    for (table.any = zero; table.any <= one; ++table.any) {
      for (unsigned l = zero; l < infinity; ++l) {
        for (unsigned o = 2 * zero - l; o <= l; ++o) {
          for (unsigned v = minus_one; v <= one; ++v, ++outcome.tried) {
            if (step.keeps(l, o, v) || !outcome.first_violation.empty()) continue;
            outcome.first_violation = fmt::format("l = {}, o = {}, v = {}", table.numbers()[l],
                                                  table.numbers()[o], table.numbers()[v]);
          }
        }
      }
    }
  }
  return outcome;
}

class EightBit : public ::testing::TestWithParam<Format> {};

TEST_P(EightBit, TheNumeratorStaysWithinTheDenominatorInEveryStep) {
  Tabled table(GetParam());
  const Outcome outcome = every_step(table, table);
  EXPECT_EQ(outcome.first_violation, "");
  EXPECT_GT(outcome.tried, 100'000'000);
}

TEST_P(EightBit, ButNotWhereOnlyTheDenominatorIsRescaled) {
  Tabled table(GetParam());
  const Outcome outcome =
      every_step(table, semantics::Faulty<Tabled>(table, semantics::ArithmeticFault::numerator_not_rescaled));
  EXPECT_NE(outcome.first_violation, "");
}

TEST_P(EightBit, TheArgumentOfAnExponentialIsNeverPositive) {
  const Tabled table(GetParam());
  const auto infinity = static_cast<unsigned>(table.numbers().size() - 1);
  const semantics::Emulated<> k(GetParam());
  for (unsigned m = 1; m < infinity; ++m) {
    for (unsigned s = 1; s < infinity; ++s) {
      const double x = k.sub(table.numbers()[m], k.max(table.numbers()[m], table.numbers()[s]));
      ASSERT_TRUE(x <= 0 && (x == 0) == (m >= s)) << table.numbers()[m] << " " << table.numbers()[s];
      const double factor = k.exp(x);
      ASSERT_TRUE(factor >= 0 && factor <= 1);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, EightBit, ::testing::Values(semantics::kFloat1e4m3, semantics::kFloat1e5m2),
                         [](const auto& format) {
                           return std::string(format.param == semantics::kFloat1e4m3 ? "e4m3" : "e5m2");
                         });

}  // namespace
}  // namespace attest::attention
