#include "kernel/opencl/expression_parser.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>

#include <fmt/format.h>

#include "problem/quote.hpp"

namespace attest::kernel::opencl {
namespace {

using Op = Expression::Op;

constexpr std::size_t kMostSteps = 200;
constexpr int kDeepest = 32;
constexpr int kTightest = 6;  // of the binary operators

struct Operator {
  std::string_view text;
  Op op;
  int level;
};

// The longer ones first, where one begins another.
constexpr std::array kOperators{
    Operator{"||", Op::logical_or, 1}, Operator{"&&", Op::logical_and, 2}, Operator{"==", Op::equal, 3},
    Operator{"!=", Op::unequal, 3},    Operator{"<=", Op::at_most, 4},     Operator{">=", Op::at_least, 4},
    Operator{"<", Op::less, 4},        Operator{">", Op::more, 4},         Operator{"+", Op::add, 5},
    Operator{"-", Op::subtract, 5},    Operator{"*", Op::multiply, 6},     Operator{"/", Op::divide, 6},
    Operator{"%", Op::remainder, 6}};

struct Function {
  std::string_view name;
  Op op;
};

constexpr std::array kFunctions{Function{"min", Op::smaller}, Function{"max", Op::larger},
                                Function{"ceildiv", Op::ceildiv}, Function{"roundup", Op::roundup}};

bool in_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::vector<Expression::Step> parse() {
    binary(1, 0);
    skip_spaces();
    if (!rest_.empty()) fail("unexpected");
    return std::move(steps_);
  }

 private:
  [[noreturn]] void fail(std::string_view what) const {
    if (rest_.empty()) throw ExpressionError("the expression ends too early");
    throw ExpressionError(fmt::format("{} '{}'", what, quote(std::string(rest_), 24)));
  }

  void skip_spaces() {
    while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_.front())) != 0)
      rest_.remove_prefix(1);
  }

  bool take(std::string_view word) {
    skip_spaces();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  void push(Op op, std::int64_t number = 0) {
    if (steps_.size() == kMostSteps)
      throw ExpressionError(fmt::format("an expression of more than {} parts", kMostSteps));
    steps_.push_back({op, number});
  }

  const Operator* take_operator(int level) {
    skip_spaces();
    for (const Operator& each : kOperators) {
      if (!rest_.starts_with(each.text)) continue;
      if (each.level != level) return nullptr;
      rest_.remove_prefix(each.text.size());
      return &each;
    }
    return nullptr;
  }

  // Operators of this level and of tighter ones.
  void binary(int level, int depth) {
    if (level > kTightest) return unary(depth);
    binary(level + 1, depth);
    while (const Operator* found = take_operator(level)) {
      binary(level + 1, depth);
      push(found->op);
    }
  }

  void unary(int depth) {
    if (depth > kDeepest) throw ExpressionError(fmt::format("an expression more than {} deep", kDeepest));
    skip_spaces();
    if (take("-")) {
      push(Op::number, 0);
      unary(depth + 1);
      push(Op::subtract);
    } else if (take("(")) {
      binary(1, depth + 1);
      if (!take(")")) fail("expected ')' before");
    } else if (!rest_.empty() && std::isdigit(static_cast<unsigned char>(rest_.front())) != 0) {
      number();
    } else {
      named(depth);
    }
  }

  void number() {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) fail("too large a number");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    if (!rest_.empty() && in_name(rest_.front())) fail("unexpected");
    push(Op::number, value);
  }

  void named(int depth) {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), in_name);
    const std::string_view name = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    if (name.empty()) fail("expected a number or a name before");
    if (const auto variable = variable_from(name)) {
      push(Op::variable, static_cast<std::int64_t>(*variable));
      rest_.remove_prefix(name.size());
      return;
    }
    const auto function = std::find_if(kFunctions.begin(), kFunctions.end(),
                                       [&](const Function& each) { return each.name == name; });
    if (function == kFunctions.end()) fail("unknown name");
    rest_.remove_prefix(name.size());
    if (!take("(")) fail("expected '(' before");
    binary(1, depth + 1);
    if (!take(",")) fail("expected ',' before");
    binary(1, depth + 1);
    if (!take(")")) fail("expected ')' before");
    push(function->op);
  }

  std::string_view rest_;
  std::vector<Expression::Step> steps_;
};

}  // namespace

std::vector<Expression::Step> parse_steps(std::string_view text) { return Parser(text).parse(); }

}  // namespace attest::kernel::opencl
