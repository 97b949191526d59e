// Numbers without a value, whose operations are counted: what a form costs, at any size.
#pragma once

#include <cstdint>

namespace attest::semantics {

struct OperationCounts {
  std::uint64_t max = 0, sub = 0, exp = 0, probability = 0, add = 0, mul = 0, div = 0, sqrt = 0;

  constexpr std::uint64_t total() const { return max + sub + exp + probability + add + mul + div + sqrt; }

  friend constexpr bool operator==(const OperationCounts&, const OperationCounts&) = default;
  friend constexpr OperationCounts operator+(const OperationCounts& a, const OperationCounts& b) {
    return {a.max + b.max, a.sub + b.sub, a.exp + b.exp, a.probability + b.probability,
            a.add + b.add, a.mul + b.mul, a.div + b.div, a.sqrt + b.sqrt};
  }
  friend constexpr OperationCounts operator*(std::uint64_t n, const OperationCounts& c) {
    return {n * c.max, n * c.sub, n * c.exp, n * c.probability, n * c.add, n * c.mul, n * c.div, n * c.sqrt};
  }
};

struct Counting {
  struct Score {};
  struct Acc {};

  OperationCounts* counts;  ///< not owned

  Score max(Score, Score) const { return ++counts->max, Score{}; }
  Score sub(Score, Score) const { return ++counts->sub, Score{}; }
  Acc exp(Score) const { return ++counts->exp, Acc{}; }
  Acc probability(Acc) const { return ++counts->probability, Acc{}; }
  Acc one() const { return {}; }
  Acc add(Acc, Acc) const { return ++counts->add, Acc{}; }
  Acc mul(Acc, Acc) const { return ++counts->mul, Acc{}; }
  Acc div(Acc, Acc) const { return ++counts->div, Acc{}; }
  Acc number(double) const { return {}; }
  Acc sqrt(Acc) const { return ++counts->sqrt, Acc{}; }
  Score score(Acc) const { return {}; }
};

/// Counting, where code that knows what a loop costs may book it in one go (Tallies): for counts that one by
/// one would take hours.
struct BulkCounting : Counting {
  void tally(const OperationCounts& cost) const { *counts = *counts + cost; }
};

/// Numbers without a value: skip the loop, book its cost.
template <class A>
concept Tallies = requires(const A& k, const OperationCounts& cost) {
  k.tally(cost);
};

}  // namespace attest::semantics
