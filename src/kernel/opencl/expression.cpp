#include "kernel/opencl/expression.hpp"

#include <algorithm>
#include <array>

#include "kernel/opencl/expression_parser.hpp"

namespace attest::kernel::opencl {
namespace {

constexpr std::array<std::string_view, kVariables> kNames{"batch",       "q_heads",     "kv_heads", "q_len",
                                                          "kv_len",      "qk_dim",      "v_dim",    "causal",
                                                          "window_left", "window_right"};

using Op = Expression::Op;
using Value = std::optional<std::int64_t>;

Value checked(bool overflows, std::int64_t value) { return overflows ? std::nullopt : Value(value); }

Value arithmetic(Op op, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  switch (op) {
    case Op::add: {
      const bool overflows = __builtin_add_overflow(a, b, &result);
      return checked(overflows, result);
    }
    case Op::subtract: {
      const bool overflows = __builtin_sub_overflow(a, b, &result);
      return checked(overflows, result);
    }
    case Op::multiply: {
      const bool overflows = __builtin_mul_overflow(a, b, &result);
      return checked(overflows, result);
    }
    default:
      return std::nullopt;
  }
}

// Divisors are positive, so that nothing overflows but the last product.
Value quotient(Op op, std::int64_t a, std::int64_t b) {
  if (b <= 0) return std::nullopt;
  const std::int64_t up = a / b + (a % b > 0 ? 1 : 0);
  switch (op) {
    case Op::divide:
      return a / b;
    case Op::remainder:
      return a % b;
    case Op::ceildiv:
      return up;
    default:
      return arithmetic(Op::multiply, up, b);
  }
}

Value applied(Op op, std::int64_t a, std::int64_t b) {
  switch (op) {
    case Op::logical_or:
      return a != 0 || b != 0 ? 1 : 0;
    case Op::logical_and:
      return a != 0 && b != 0 ? 1 : 0;
    case Op::equal:
      return a == b ? 1 : 0;
    case Op::unequal:
      return a != b ? 1 : 0;
    case Op::less:
      return a < b ? 1 : 0;
    case Op::at_most:
      return a <= b ? 1 : 0;
    case Op::more:
      return a > b ? 1 : 0;
    case Op::at_least:
      return a >= b ? 1 : 0;
    case Op::smaller:
      return std::min(a, b);
    case Op::larger:
      return std::max(a, b);
    case Op::divide:
    case Op::remainder:
    case Op::ceildiv:
    case Op::roundup:
      return quotient(op, a, b);
    default:
      return arithmetic(op, a, b);
  }
}

}  // namespace

std::optional<Variable> variable_from(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Variable>(found - kNames.begin());
}

std::string_view name_of(Variable variable) { return kNames.at(static_cast<std::size_t>(variable)); }

Expression Expression::parse(std::string_view text) {
  Expression expression;
  expression.steps_ = parse_steps(text);
  expression.text_ = std::string(text);
  return expression;
}

std::optional<std::int64_t> Expression::value(std::span<const std::int64_t> variables) const {
  std::vector<std::int64_t> stack;
  for (const Step& step : steps_) {
    if (step.op == Op::number) {
      stack.push_back(step.number);
    } else if (step.op == Op::variable) {
      stack.push_back(variables[static_cast<std::size_t>(step.number)]);
    } else {
      const std::int64_t b = stack.back();
      stack.pop_back();
      const Value result = applied(step.op, stack.back(), b);
      if (!result) return std::nullopt;
      stack.back() = *result;
    }
  }
  return stack.back();
}

bool Expression::names(Variable variable) const {
  return std::any_of(steps_.begin(), steps_.end(), [&](const Step& step) {
    return step.op == Op::variable && step.number == static_cast<std::int64_t>(variable);
  });
}

}  // namespace attest::kernel::opencl
