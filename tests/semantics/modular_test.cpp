#include "semantics/modular.hpp"

#include <random>
#include <stdexcept>

#include <boost/multiprecision/gmp.hpp>
#include <gtest/gtest.h>

#include "attention/run.hpp"
#include "laws.hpp"

namespace attest::semantics {
namespace {

struct ModularSubject {
  using A = Modular;
  static constexpr bool kExact = true;
  static constexpr bool kOrdered = false;

  const A& semantics() const { return k; }
  A::Acc number() { return k.value(random()); }
  A::Acc nonzero() { return number(); }  // zero with probability 2^-60
  A::Score score() { return k.score(random()); }
  laws::Truth same(const A::Acc& x, const A::Acc& y) const {
    return x == y ? laws::Truth::yes : laws::Truth::no;
  }
  laws::Truth same(const A::Score& s, const A::Score& t) const {
    return s.exponent == t.exponent ? laws::Truth::yes : laws::Truth::no;
  }

  A k{99};
  std::mt19937_64 random{1};
};

static_assert(Semantics<Modular> && !Guards<Modular>);

TEST(Modular, KeepsTheExactLaws) {
  ModularSubject subject;
  EXPECT_EQ(laws::violated(laws::check(subject, 200)), "");
}

// Primality by another hand than ours, and the search that finds the two largest.
TEST(Modular, UsesTheTwoLargestSafePrimesBelowTwoToThe61) {
  const auto is_prime = [](std::uint64_t n) {
    const boost::multiprecision::mpz_int number(n);
    return mpz_probab_prime_p(number.backend().data(), 40) > 0;
  };
  std::vector<std::uint64_t> found;
  for (std::uint64_t p = (std::uint64_t{1} << 61U) - 1; found.size() < 2; p -= 2) {
    const bool divisible = p % 3 == 0 || p % 5 == 0 || p % 7 == 0 || p % 11 == 0 || p % 13 == 0;
    if (!divisible && is_prime(p) && is_prime((p - 1) / 2)) found.push_back(p);
  }
  EXPECT_EQ(found[0], kSafePrimes[0]);
  EXPECT_EQ(found[1], kSafePrimes[1]);
}

TEST(Modular, HasAnExponentialOfFullOrder) {
  const Modular k;
  Modular::Score last{};
  Modular::Score first{};
  for (std::size_t i = 0; i < 2; ++i) {
    last.exponent.at(i) = (kSafePrimes.at(i) - 1) / 2 - 1;
    first.exponent.at(i) = 1;
  }
  // g^q = 1 with q prime and g != 1: the order of g is q.
  EXPECT_EQ(k.mul(k.exp(last), k.exp(first)), k.one());
  EXPECT_NE(k.exp(first), k.one());
}

TEST(Modular, RefusesToDivideByZero) {
  const Modular k;
  EXPECT_THROW(k.div(k.one(), Modular::Acc{{1, 0}}), std::domain_error);
}

// sum exp(s) v / sum exp(s), without the recurrence.
Modular::Acc by_definition(const Modular& k, const std::vector<Modular::Score>& scores,
                           const std::vector<std::vector<Modular::Acc>>& values) {
  Modular::Acc numerator{{0, 0}};
  Modular::Acc denominator{{0, 0}};
  for (std::size_t j = 0; j < scores.size(); ++j) {
    numerator = k.add(numerator, k.mul(k.exp(scores[j]), values[j][0]));
    denominator = k.add(denominator, k.exp(scores[j]));
  }
  return k.div(numerator, denominator);
}

struct Row {
  std::vector<Modular::Score> scores;
  std::vector<std::vector<Modular::Acc>> values;
};

Row random_row(const Modular& k, std::size_t keys) {
  std::mt19937_64 random(5);
  Row row;
  for (std::size_t j = 0; j < keys; ++j) {
    row.scores.push_back(k.score(random()));
    row.values.push_back({k.value(random())});
  }
  return row;
}

TEST(Modular, FindsTheRecurrenceEqualToTheDefinitionWithArbitraryShifts) {
  const Modular k{17};
  for (const std::size_t keys : {1U, 2U, 5U, 100U}) {
    const Row row = random_row(k, keys);
    for (const auto& schedule : {attention::sequential(keys), attention::tiled(keys, 7),
                                 attention::tree(keys), attention::split_k(keys, 3, 2)}) {
      EXPECT_EQ(attention::finalize(k, *attention::run(k, schedule, row.scores, row.values))[0],
                by_definition(k, row.scores, row.values));
    }
  }
}

// A program that is right up to a factor close to 1, or only when maxima do not change, is wrong here.
struct ForgetsOneRescale : Modular {
  Acc exp(const Score& s) const { return ++*calls == 60 ? one() : Modular::exp(s); }
  int* calls = nullptr;
};

TEST(Modular, FindsASingleForgottenRescaleAmongAHundredKeys) {
  int calls = 0;
  const ForgetsOneRescale k{{17}, &calls};
  const Row row = random_row(k, 100);
  EXPECT_NE(attention::finalize(k, *attention::run(k, attention::sequential(100), row.scores, row.values))[0],
            by_definition(Modular{17}, row.scores, row.values));
  EXPECT_GT(calls, 60);
}

TEST(Modular, ErrsWithAProbabilityBelowTwoToTheMinus50ForAHundredKeys) {
  const double q = static_cast<double>(kSafePrimes[1] - 1) / 2;
  EXPECT_LT(17.0 / 16 * static_cast<double>(Modular::degree(100)) / q, 0x1p-50);
}

}  // namespace
}  // namespace attest::semantics
