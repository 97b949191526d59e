// Numbers without a value, whose operations are counted: what a form costs, at any size.
#pragma once

#include <cstdint>

namespace attest {

struct OperationCounts {
  std::uint64_t max = 0, sub = 0, exp = 0, probability = 0, add = 0, mul = 0, div = 0;

  friend bool operator==(const OperationCounts&, const OperationCounts&) = default;
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
};

}  // namespace attest
