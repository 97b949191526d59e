// The RNN and GRU cells against their formulas, written with the C library's tanh.
#include "attention/cells/gated.hpp"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "attention/cells/flip_book.hpp"
#include "semantics/native.hpp"

namespace attest::attention {
namespace {

using Vector = std::vector<double>;
using Gate = GateWeights<Vector>;
constexpr std::size_t kHidden = 3, kInputs = 2;
constexpr double kRounding = 1e-14;  // some tens of roundings of numbers below 10

struct GatedCells : testing::Test {
  std::mt19937_64 random{3};
  semantics::F64 k;

  Vector normals(std::size_t n) {
    Vector x(n);
    for (double& e : x) e = std::normal_distribution<double>()(random);
    return x;
  }
  Gate gate() {
    return {normals(kHidden * kInputs), normals(kHidden * kHidden), normals(kHidden), normals(kHidden)};
  }
  std::vector<Vector> tokens() { return {normals(kInputs), normals(kInputs), normals(kInputs)}; }
};

double affine(const Vector& w, const Vector& bias, const Vector& x, std::size_t i) {
  double sum = bias[i];
  for (std::size_t j = 0; j < x.size(); ++j) sum += w[i * x.size() + j] * x[j];
  return sum;
}

double sigma(double x) { return 1 / (1 + std::exp(-x)); }

template <class Cell>
std::vector<Vector> rows_of(const Cell& cell, const std::vector<Vector>& tokens) {
  std::vector<Vector> rows(tokens.size(), Vector(kHidden));
  one_pass(cell, GatedState<Vector>{Vector(kHidden), Vector(kHidden)}, tokens, rows);
  return rows;
}

TEST_F(GatedCells, ElmanIsItsFormula) {
  const Gate w = gate();
  const auto inputs = tokens();
  const auto rows = rows_of(ElmanCell<semantics::F64, Vector>{k, w}, inputs);
  Vector h(kHidden);
  for (std::size_t t = 0; t < inputs.size(); ++t) {
    Vector next(kHidden);
    for (std::size_t i = 0; i < kHidden; ++i) {
      next[i] =
          std::tanh(affine(w.input, w.input_bias, inputs[t], i) + affine(w.hidden, w.hidden_bias, h, i));
      EXPECT_NEAR(rows[t][i], next[i], kRounding);
    }
    h = next;
  }
}

TEST_F(GatedCells, GruIsItsFormula) {
  const Gate z = gate(), r = gate(), n = gate();
  const auto inputs = tokens();
  const auto rows = rows_of(GruCell<semantics::F64, Vector>{k, z, r, n}, inputs);
  Vector h(kHidden);
  for (std::size_t t = 0; t < inputs.size(); ++t) {
    Vector next(kHidden);
    for (std::size_t i = 0; i < kHidden; ++i) {
      const auto in = [&](const Gate& g) { return affine(g.input, g.input_bias, inputs[t], i); };
      const auto back = [&](const Gate& g) { return affine(g.hidden, g.hidden_bias, h, i); };
      const double update = sigma(in(z) + back(z)), reset = sigma(in(r) + back(r));
      next[i] = (1 - update) * std::tanh(in(n) + reset * back(n)) + update * h[i];
      EXPECT_NEAR(rows[t][i], next[i], kRounding);
    }
    h = next;
  }
}

}  // namespace
}  // namespace attest::attention
