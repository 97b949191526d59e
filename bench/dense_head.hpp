// A causal head by the dense form (attention/dense.hpp): the whole score matrix, in Eigen.
#pragma once

#include "attention/dense.hpp"
#include "problem/problem.hpp"

namespace attest::bench {

/// The inputs of causal_head or decoding_head as matrices. T is float or double.
template <class T>
attention::dense::Inputs<T> dense_inputs_of(const Problem& problem);

/// What the dense form computes, as a result of the problem.
template <class T>
Result dense_result(const Problem& problem, const attention::dense::Outputs<T>& outputs);

}  // namespace attest::bench
