#include <array>
#include <chrono>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <z3++.h>

#include "prove/solver.hpp"

namespace attest::prove {
namespace {

constexpr double kSimplifySeconds = 20;  // for a whole model

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// A fresh solver for each question: the incremental one is weaker in nonlinear arithmetic.
z3::solver solver_for(z3::context& context, const z3::expr_vector& assertions, double seconds,
                      unsigned seed) {
  z3::solver solver(context);
  z3::params parameters(context);
  parameters.set("timeout", static_cast<unsigned>(std::ceil(std::max(seconds, 0.001) * 1000)));
  parameters.set("random_seed", seed);
  solver.set(parameters);
  solver.add(assertions);
  return solver;
}

z3::expr_vector parse(z3::context& context, const std::string& smt2) {
  try {
    return context.parse_string(smt2.c_str());
  } catch (const z3::exception& error) {
    throw SolverError(fmt::format("Z3 rejects a script: {}", error.msg()));
  }
}

// Z3 says only "unknown" for both; the reason tells them apart, or the clock where it does not.
Answer undecided(const z3::solver& solver, double seconds, double limit) {
  const std::string reason = solver.reason_unknown();
  const bool stopped = reason == "timeout" || reason == "canceled";
  return stopped || seconds >= limit ? Answer::timeout : Answer::unknown;
}

Answer ask(z3::solver& solver, double limit) {
  const auto start = Clock::now();
  switch (solver.check()) {
    case z3::unsat:
      return Answer::unsat;
    case z3::sat:
      return Answer::sat;
    default:
      return undecided(solver, seconds_since(start), limit);
  }
}

// Small values, in the order in which a reader would try them.
std::vector<z3::expr> candidates(z3::context& context, const z3::sort& sort) {
  if (sort.is_bool()) return {context.bool_val(false), context.bool_val(true)};
  constexpr std::array<double, 9> kSmall{0, 1, -1, 2, -2, 0.5, -0.5, 3, 4};
  std::vector<z3::expr> values;
  const bool is_float = sort.sort_kind() == Z3_FLOATING_POINT_SORT;
  if (is_float) values.emplace_back(context, Z3_mk_fpa_inf(context, sort, true));  // a masked score
  for (const double x : kSmall) {
    if (sort.is_real()) values.push_back(context.real_val(static_cast<int>(2 * x), 2));
    if (is_float) values.emplace_back(context, Z3_mk_fpa_numeral_double(context, x, sort));
  }
  if (is_float) std::swap(values[0], values[1]);  // 0 before -inf
  return values;
}

// The constant of that name in the assertions; none if no assertion mentions it.
std::optional<z3::expr> constant(const z3::model& model, const std::string& name) {
  for (unsigned i = 0; i < model.num_consts(); ++i) {
    const z3::func_decl declaration = model.get_const_decl(i);
    if (declaration.name().str() == name) return declaration();
  }
  return std::nullopt;
}

std::string float_text(z3::context& context, const z3::expr& value) {
  if (Z3_fpa_is_numeral_nan(context, value)) return "nan";
  if (Z3_fpa_is_numeral_inf(context, value))
    return Z3_fpa_is_numeral_negative(context, value) ? "-inf" : "inf";
  int sign = 0;
  std::int64_t exponent = 0;
  std::uint64_t significand = 0;
  Z3_fpa_get_numeral_sign(context, value, &sign);
  Z3_fpa_get_numeral_significand_uint64(context, value, &significand);
  const bool zero = Z3_fpa_is_numeral_zero(context, value);
  if (!zero) Z3_fpa_get_numeral_exponent_int64(context, value, &exponent, false);
  const auto fraction_bits = static_cast<int>(Z3_fpa_get_sbits(context, value.get_sort())) - 1;
  const bool subnormal = Z3_fpa_is_numeral_subnormal(context, value);
  const double fraction = std::ldexp(static_cast<double>(significand), -fraction_bits);
  const double magnitude = zero ? 0 : std::ldexp(fraction + (subnormal ? 0 : 1), static_cast<int>(exponent));
  return fmt::format("{:a}", sign != 0 ? -magnitude : magnitude);
}

std::string value_text(z3::context& context, const z3::expr& value) {
  std::string text;
  if (value.get_sort().sort_kind() == Z3_FLOATING_POINT_SORT) return float_text(context, value);
  if (value.is_numeral(text)) return text;
  return value.to_string();  // true, false, or an irrational that a replay will reject
}

}  // namespace

Answer ask_z3(const std::string& smt2, const Limits& limits) {
  z3::context context;
  z3::solver solver = solver_for(context, parse(context, smt2), limits.seconds, limits.seed);
  return ask(solver, limits.seconds);
}

ModelAnswer ask_z3_for_model(const std::string& smt2, const std::vector<std::string>& variables,
                             const Limits& limits) {
  const auto start = Clock::now();
  z3::context context;
  z3::expr_vector assertions = parse(context, smt2);
  z3::solver first = solver_for(context, assertions, limits.seconds, limits.seed);
  ModelAnswer result{ask(first, limits.seconds), {}};
  if (result.answer != Answer::sat) return result;
  const double deadline = std::min(limits.seconds, seconds_since(start) + kSimplifySeconds);
  z3::model model = first.get_model();
  for (const std::string& name : variables) {
    const std::optional<z3::expr> variable = constant(model, name);
    if (!variable) continue;
    for (const z3::expr& candidate : candidates(context, variable->get_sort())) {
      const double left = deadline - seconds_since(start);
      if (left <= 0) break;
      z3::solver next = solver_for(context, assertions, left, limits.seed);
      next.add(*variable == candidate);
      if (ask(next, left) != Answer::sat) continue;
      model = next.get_model();
      break;
    }
    const z3::expr value = model.eval(*variable, true);
    assertions.push_back(*variable == value);
    result.model.emplace_back(name, value_text(context, value));
  }
  return result;
}

Answer ask_spacer(const std::string& smt2, const Limits& limits) {
  z3::context context;
  z3::solver solver(context, "HORN");
  z3::params parameters(context);
  parameters.set("timeout", static_cast<unsigned>(std::ceil(limits.seconds * 1000)));
  parameters.set("random_seed", limits.seed);
  solver.set(parameters);
  solver.add(parse(context, smt2));
  return ask(solver, limits.seconds);
}

std::string z3_version() { return Z3_get_full_version(); }

}  // namespace attest::prove
