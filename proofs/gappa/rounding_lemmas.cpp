// The scalar roundings behind the error bound, in f32, by Gappa (scripts in the same folder): one step of a
// dot product, one rescaled sum, the argument of an exponential. SMT solvers do not bound a relative error
// over a whole range bit by bit.
//
// A script with too small a bound must not be accepted. Gappa shows no numbers, so these are searched for,
// among drawn floats and the ends of the ranges, and judged in exact rationals.
#include <array>
#include <fstream>
#include <random>
#include <sstream>

#include <fmt/format.h>

#include "prove/solver.hpp"
#include "semantics/rational.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

using Exact = semantics::Rational::Number;

std::string script(const std::string& name) {
  std::ifstream file(std::string(ATTEST_GAPPA_DIR) + "/" + name + ".g");
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw prove::SolverError(fmt::format("cannot read {}/{}.g", ATTEST_GAPPA_DIR, name));
  return text.str();
}

// What a script says, in the machine's floats.
struct Lemma {
  std::string name, sentence, file;
  std::array<const char*, 3> variables;
  std::array<float, 3> low, high;
  Exact bound, twin_bound;
  Exact (*error)(float x, float y, float z);  ///< of the floats' result: absolute or relative
};

Exact dot_error(float q, float k, float acc) {
  const float computed = acc + q * k;
  return Exact(computed) - (Exact(acc) + Exact(q) * Exact(k));
}
Exact rescale_error(float l, float f, float w) {
  const float computed = l * f + w;
  const Exact exact = Exact(l) * Exact(f) + Exact(w);
  return (Exact(computed) - exact) / exact;
}
Exact argument_error(float s, float m, float) { return Exact(s - m) - (Exact(s) - Exact(m)); }

constexpr const char* kGoal = "the error is within its bound";

prove::Replay run(const Lemma& lemma, const Exact& bound, const prove::Model& model) {
  std::array<float, 3> x{};
  prove::Replay replay{true, {}};
  for (std::size_t i = 0; i < 3 && i < model.size(); ++i) {
    x[i] = std::strtof(model[i].second.c_str(), nullptr);
    replay.hypotheses_hold = replay.hypotheses_hold && lemma.low[i] <= x[i] && x[i] <= lemma.high[i];
  }
  if (abs(lemma.error(x[0], x[1], x[2])) > bound) replay.failed.emplace_back(kGoal);
  return replay;
}

prove::Model search(const Lemma& lemma, const Exact& bound, unsigned seed) {
  std::mt19937_64 random(seed);
  for (int draw = 0; draw < 20000; ++draw) {
    prove::Model model;
    for (std::size_t i = 0; i < 3; ++i) {
      std::uniform_real_distribution<float> any(lemma.low[i], lemma.high[i]);
      model.emplace_back(lemma.variables[i], fmt::format("{:a}", any(random)));
    }
    if (!run(lemma, bound, model).failed.empty()) return model;
  }
  return {};
}

// The ranges hold numbers, as they must for the lemma to say something.
std::string ranges(const Lemma& lemma) {
  std::string text = "(set-logic QF_LRA)\n";
  for (std::size_t i = 0; i < 3; ++i) {
    const auto real = [](float x) { return x < 0 ? fmt::format("(- {:f})", -x) : fmt::format("{:f}", x); };
    text += fmt::format("(declare-fun {0} () Real)\n(assert (and (<= {1} {0}) (<= {0} {2})))\n",
                        lemma.variables[i], real(lemma.low[i]), real(lemma.high[i]));
  }
  return text + "(check-sat)\n";
}

prove::Statement statement_of(const Lemma& lemma, const std::string& file, const Exact& bound) {
  const auto obligation = [=] {
    prove::Obligation result;
    result.logic = "Gappa";
    result.variables.assign(lemma.variables.begin(), lemma.variables.end());
    result.hypotheses = ranges(lemma);
    result.goals.push_back({kGoal, script(file), prove::Method::gappa,
                            [=](double, unsigned seed) { return search(lemma, bound, seed); }});
    return result;
  };
  // A witness of the hypotheses is a handful of rationals, which no float need be: nothing to run.
  const auto replay = [=](const prove::Model& model) {
    const bool floats = !model.empty() && model[0].second.find("0x") != std::string::npos;
    return floats ? run(lemma, bound, model) : prove::Replay{true, {}};
  };
  return {obligation, replay};
}

prove::Theorem theorem_of(const Lemma& lemma) {
  return prove::about(
      prove::kBoundArithmetic,
      {.name = lemma.name,
       .sentence = lemma.sentence,
       .numbers = prove::NumberKind::gappa,
       .semantics = "Gappa f32",
       .statement = statement_of(lemma, lemma.file, lemma.bound),
       .twin = {"too small a bound", statement_of(lemma, lemma.file + "-twin", lemma.twin_bound)},
       .cost = 1});
}

Exact scaled(int n, int exponent) { return Exact(std::ldexp(static_cast<double>(n), exponent)); }

}  // namespace

prove::Theorem rounding_dot_step() {
  return theorem_of(
      {"rounding-dot-step",
       "In f32, one step of a dot product errs by at most 2^-16 + 2^-19 for |q|, |k| <= 8 and a sum up "
       "to 448: half an ulp of the sum and half an ulp of the product.",
       "dot_step",
       {"q", "k", "acc"},
       {-8, -8, -448},
       {8, 8, 448},
       scaled(9, -19),
       scaled(9, -20),
       dot_error});
}

prove::Theorem rounding_rescale_step() {
  return theorem_of(
      {"rounding-rescale-step",
       "In f32, a sum that is rescaled and grows by a weight errs by at most 2u + u^2, relatively.",
       "rescale_step",
       {"l", "f", "w"},
       {1, 0x1p-100F, 0},
       {1048576, 1, 1},
       scaled(33554433, -48),
       scaled(1, -24),
       rescale_error});
}

prove::Theorem rounding_exp_argument() {
  return theorem_of({"rounding-exp-argument",
                     "In f32, the argument of an exponential errs by at most 2^-18 for scores within 64.",
                     "exp_argument",
                     {"s", "m", "unused"},
                     {-64, -64, 0},
                     {64, 64, 0},
                     scaled(1, -18),
                     scaled(1, -19),
                     argument_error});
}

}  // namespace attest::proofs
