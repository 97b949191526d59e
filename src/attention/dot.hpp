// The dot product, in the order that every form here adds in.
#pragma once

#include <cstddef>

#include "semantics/concept.hpp"

namespace attest::attention {

/// x[0] y[0] + x[1] y[1] + ..., added from the left. Precondition: at least one component.
template <semantics::Semantics A, class X, class Y>
typename A::Acc dot(const A& k, const X& x, const Y& y) {
  auto sum = k.mul(x[0], y[0]);
  for (std::size_t n = 1; n < x.size(); ++n) sum = k.add(sum, k.mul(x[n], y[n]));
  return sum;
}

}  // namespace attest::attention
