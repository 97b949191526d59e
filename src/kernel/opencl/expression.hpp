// Integer expressions over the extents of a problem: "roundup(q_len, 16) * q_heads".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace attest::kernel::opencl {

/// What an expression may name.
enum class Variable : std::uint8_t {
  batch,
  q_heads,
  kv_heads,
  q_len,
  kv_len,
  qk_dim,
  v_dim,
  causal,  ///< 0, 1 (top-left) or 2 (bottom-right), as ATTEST_CAUSAL_*
  window_left,
  window_right,
  count
};
inline constexpr std::size_t kVariables = static_cast<std::size_t>(Variable::count);
std::optional<Variable> variable_from(std::string_view name);
std::string_view name_of(Variable variable);

/// The message says what is wrong, in one line without the position in the file.
struct ExpressionError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Operators of C with C's precedence: || && == != < <= > >= + - * / % and unary -; min, max, ceildiv(a, b)
/// and roundup(a, b), a rounded up to a multiple of b. True is 1. All in 64 bits.
class Expression {
 public:
  /// Throws ExpressionError. At most 200 operands and operators, 32 deep.
  static Expression parse(std::string_view text);

  /// None where a result overflows or a divisor is not positive. Precondition: kVariables values.
  std::optional<std::int64_t> value(std::span<const std::int64_t> variables) const;
  bool names(Variable variable) const;
  const std::string& text() const { return text_; }

  enum class Op : std::uint8_t {
    number,
    variable,
    logical_or,
    logical_and,
    equal,
    unequal,
    less,
    at_most,
    more,
    at_least,
    add,
    subtract,
    multiply,
    divide,
    remainder,
    smaller,
    larger,
    ceildiv,
    roundup
  };
  struct Step {
    Op op = Op::number;
    std::int64_t number = 0;  ///< the number, or the variable
  };

 private:
  std::vector<Step> steps_;  ///< in reverse Polish notation
  std::string text_;
};

}  // namespace attest::kernel::opencl
