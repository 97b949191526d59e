// A law-suite subject for semantics whose numbers are doubles in disguise.
#pragma once

#include <random>

#include "laws.hpp"
#include "numerics/format.hpp"

namespace attest::semantics {

template <class Semantic>
struct FloatSubject {
  using A = Semantic;
  static constexpr bool kExact = false;
  static constexpr bool kOrdered = true;

  const A& semantics() const { return k; }
  double number() { return round_to(format, std::uniform_real_distribution<double>(-8, 8)(random)); }
  double nonzero() { return round_to(format, std::uniform_real_distribution<double>(1, 8)(random)); }
  double score() { return number(); }
  laws::Truth same(double x, double y) const { return x == y ? laws::Truth::yes : laws::Truth::no; }

  A k;
  Format format;
  std::mt19937_64 random{1};
};

}  // namespace attest::semantics
