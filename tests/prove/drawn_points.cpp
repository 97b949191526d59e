#include "drawn_points.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <z3++.h>

#include "semantics/rational.hpp"

namespace attest::prove {
namespace {

// A small rational, or a truth value where the script declares one.
std::string random_value(std::mt19937_64& random, const std::string& smt2, const std::string& variable) {
  if (is_truth(smt2, variable)) return random() % 2 == 0 ? "true" : "false";
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  return semantics::Rational::Number(pick(-1, 6), pick(1, 3)).str();
}

// Z3's model of the assertions; a fresh solver each time, since the incremental one is weaker at products.
std::optional<z3::model> model_of(z3::context& context, const z3::expr_vector& assertions) {
  z3::solver solver(context);
  z3::params limits(context);
  limits.set("timeout", 500U);
  solver.set(limits);
  solver.add(assertions);
  if (solver.check() != z3::sat) return std::nullopt;
  return solver.get_model();
}

z3::expr equation(z3::context& context, const std::string& variable, const std::string& value) {
  if (value == "true" || value == "false")
    return context.bool_const(variable.c_str()) == context.bool_val(value == "true");
  return context.real_const(variable.c_str()) == context.real_val(value.c_str());
}

}  // namespace

bool is_truth(const std::string& smt2, const std::string& variable) {
  return smt2.find(fmt::format("(declare-fun {} () Bool)", variable)) != std::string::npos;
}

Model random_point(const Obligation& obligation, const Statement& statement, std::mt19937_64& random) {
  const std::string scripts = obligation.hypotheses + obligation.goals.back().script;
  Model model;
  for (int draw = 0; draw < 50; ++draw) {
    model.clear();
    for (const std::string& variable : obligation.variables)
      model.emplace_back(variable, random_value(random, scripts, variable));
    if (statement.replay(model).hypotheses_hold) break;
  }
  return model;
}

Model drawn_within(const Obligation& obligation, std::mt19937_64& random) {
  const std::string scripts = obligation.hypotheses + obligation.goals.back().script;
  z3::context context;
  z3::expr_vector assertions = context.parse_string(obligation.hypotheses.c_str());
  std::optional<z3::model> model = model_of(context, assertions);
  std::vector<std::string> order = obligation.variables;
  std::shuffle(order.begin(), order.end(), random);
  for (const std::string& variable : order) {
    assertions.push_back(equation(context, variable, random_value(random, scripts, variable)));
    if (std::optional<z3::model> follows = model_of(context, assertions)) {
      model = std::move(follows);
    } else {
      assertions.pop_back();
    }
  }
  Model point;
  for (const std::string& variable : obligation.variables) {
    const bool truth = is_truth(scripts, variable);
    const z3::expr value = model->eval(
        truth ? context.bool_const(variable.c_str()) : context.real_const(variable.c_str()), true);
    std::string text = value.to_string();
    if (!truth && !value.is_numeral(text)) return {};
    point.emplace_back(variable, text);
  }
  return point;
}

}  // namespace attest::prove
