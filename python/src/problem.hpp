// Problems and results from what Python gives.
#pragma once

#include <cfenv>
#include <map>
#include <optional>
#include <string>

#include "array.hpp"
#include "problem/problem.hpp"

namespace attest::python {

/// Inputs and scalars by their names in the ABI (problem/inputs.hpp); `causal` is a text.
using Arrays = std::map<std::string, Array>;
using Numbers = std::map<std::string, double>;

/// A problem whose tensors borrow from the arrays, which must outlive it. Throws std::invalid_argument with
/// what breaks a rule of the ABI.
Problem problem_from(const Arrays& inputs, const Numbers& numbers, const std::string& causal);

/// A result of the problem, which borrows too. Throws std::invalid_argument where shapes or dtypes do not
/// fit.
Result result_from(const Problem& problem, const Array& out, const Array* lse);

/// The processor's state that certificates assume, for a scope: a library that flushes subnormals, as PyTorch
/// does by torch.set_flush_denormal, leaves it behind for all.
class DefaultEnvironment {
 public:
  DefaultEnvironment();
  ~DefaultEnvironment();
  DefaultEnvironment(const DefaultEnvironment&) = delete;
  DefaultEnvironment& operator=(const DefaultEnvironment&) = delete;

 private:
  std::fenv_t before_{};
};

}  // namespace attest::python
