#include "problem.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "problem/inputs.hpp"

namespace attest::python {
namespace {

void set_scalar(Problem& problem, const Scalar& scalar, double value) {
  if (const auto* whole = std::get_if<std::int64_t Problem::*>(&scalar.member))
    problem.*(*whole) = static_cast<std::int64_t>(value);
  if (const auto* real = std::get_if<double Problem::*>(&scalar.member)) problem.*(*real) = value;
}

void require_shape(const char* name, const Tensor& tensor, const std::vector<std::int64_t>& shape,
                   const char* axes) {
  if (tensor.shape() == shape) return;
  throw std::invalid_argument(fmt::format("{} has shape [{}], expected {} = [{}]", name,
                                          fmt::join(tensor.shape(), ", "), axes, fmt::join(shape, ", ")));
}

}  // namespace

Problem problem_from(const Arrays& inputs, const Numbers& numbers, const std::string& causal) {
  Problem problem;
  for (const Input& input : kInputs) {
    const auto given = inputs.find(std::string(input.name));
    if (given != inputs.end()) input.put(problem, given->second.tensor);
  }
  for (const Scalar& scalar : kScalars) {
    const auto given = numbers.find(std::string(scalar.name));
    if (given != numbers.end()) set_scalar(problem, scalar, given->second);
  }
  const std::optional<Causal> known = causal_from_name(causal);
  if (!known)
    throw std::invalid_argument(
        fmt::format("causal is '{}', expected 'none', 'top-left' or 'bottom-right'", causal));
  problem.causal = *known;
  if (const std::string why = why_invalid(problem); !why.empty()) throw std::invalid_argument(why);
  return problem;
}

Result result_from(const Problem& problem, const Array& out, const Array* lse) {
  Result result{out.tensor, std::nullopt};
  require_shape("out", result.out, problem.out_shape(), "[batch, q_heads, q_len, v_dim]");
  if (result.out.dtype() != problem.q.dtype())
    throw std::invalid_argument(fmt::format("out is {}, expected {}, the dtype of q",
                                            name_of(result.out.dtype()), name_of(problem.q.dtype())));
  if (lse == nullptr) return result;
  result.lse = lse->tensor;
  require_shape("lse", *result.lse, problem.lse_shape(), "[batch, q_heads, q_len]");
  // Rounded less than the bound permits is right too.
  if (lse->tensor.dtype() != problem.lse_dtype() && lse->tensor.dtype() != DType::f64)
    throw std::invalid_argument(
        fmt::format("lse is {}, expected {}", name_of(lse->tensor.dtype()), name_of(problem.lse_dtype())));
  return result;
}

DefaultEnvironment::DefaultEnvironment() {
  std::fegetenv(&before_);
  std::fesetenv(FE_DFL_ENV);
}

DefaultEnvironment::~DefaultEnvironment() { std::fesetenv(&before_); }

}  // namespace attest::python
