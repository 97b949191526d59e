// The backward pass of softmax, one row: from the gradient dP of the probabilities to that of the scores,
//
//     dS_j = P_j (dP_j - D)      D = sum_c dO_c O_c = sum_j P_j dP_j,      dP_j = dO . v_j
//
// D is computed from the output, as FlashAttention-2 does: one number a row, and no sum over keys.
#pragma once

#include <cstddef>
#include <vector>

#include "attention/dot.hpp"

namespace attest::attention {

/// A semantics with opposites.
template <class A>
concept Negates = semantics::Semantics<A> && requires(const A& k, const typename A::Acc& x) {
  { k.negate(x) } -> std::same_as<typename A::Acc>;
};

/// Gradients of the scores of one row. probabilities[j] and values[j][c] belong to key j; output and its
/// gradient have v_dim components.
template <Negates A, class Values>
std::vector<typename A::Acc> softmax_backward(const A& k, const std::vector<typename A::Acc>& probabilities,
                                              const Values& values,
                                              const std::vector<typename A::Acc>& output,
                                              const std::vector<typename A::Acc>& output_gradient) {
  const auto row_sum = dot(k, output_gradient, output);
  std::vector<typename A::Acc> gradients;
  for (std::size_t j = 0; j < probabilities.size(); ++j) {
    const auto probability_gradient = dot(k, output_gradient, values[j]);
    gradients.push_back(k.mul(probabilities[j], k.add(probability_gradient, k.negate(row_sum))));
  }
  return gradients;
}

}  // namespace attest::attention
