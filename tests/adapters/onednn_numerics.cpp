#include "onednn_numerics.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "onednn_support.hpp"

namespace attest::onednn_tests {
namespace {

constexpr double kUnit = 0x1p-24;

// P of the second key for every row; the scores are {0, x_i} before softcap, and V is the identity, so that
// the outputs are the probabilities, exactly (P * 1 + P' * 0).
struct Probabilities {
  std::vector<double> first, second;
};

Probabilities probabilities(const std::vector<double>& scores, double softcap, const std::string& variant) {
  const auto rows = static_cast<std::int64_t>(scores.size());
  Problem problem = zeros({1, 1, 1, rows, 2, 1, 2});
  problem.q.assign(scores);
  problem.k.assign({0, 1});
  problem.v.assign({1, 0, 0, 1});
  problem.softcap = softcap;
  const std::vector<double> out = output_of(problem, variant).values();
  Probabilities result;
  for (std::size_t i = 0; i < out.size(); i += 2) {
    result.first.push_back(out[i]);
    result.second.push_back(out[i + 1]);
  }
  return result;
}

// -x for x in [low, high]: a third spread evenly, a third over the exponents, a third in the last 1 %.
std::vector<double> arguments(double low, double high, std::size_t count) {
  std::mt19937_64 generator(1);
  std::uniform_real_distribution<double> linear(low, high);
  std::uniform_real_distribution<double> logarithmic(std::log(low), std::log(high));
  std::uniform_real_distribution<double> last(0.99 * high, high);
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    const double x =
        i % 3 == 0 ? linear(generator) : (i % 3 == 1 ? std::exp(logarithmic(generator)) : last(generator));
    values.push_back(-static_cast<double>(static_cast<float>(x)));
  }
  return values;
}

}  // namespace

std::string alternative(const std::string& contract, std::string_view preset) {
  for (std::size_t at = 0; at < contract.size();) {
    const std::size_t end = std::min(contract.find('|', at), contract.size());
    std::string text = contract.substr(at, end - at);
    if (text.substr(0, text.find(';')) == preset) return text;
    at = end + 1;
  }
  return "";
}

Declared declared_f32(const std::string& variant) {
  const oracle::Contract contract = oracle::parse_contract(alternative(info(variant).contract, "f32"));
  return {contract.exp.relative, contract.tanh.relative};
}

double worst_exponential(const std::string& variant) {
  const std::vector<double> x = arguments(0x1p-20, 86.98, 2'000'000);
  const Probabilities p = probabilities(x, 0, variant);
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    // The quotient is exact where the denominator rounds to 1, else P is rounded once more than the
    // exponential.
    const double allowance = p.first[i] == 1 ? 0 : kUnit * (1 + 0x1p-20);
    const double error = std::fabs(p.second[i] / p.first[i] / std::exp(x[i]) - 1) - allowance;
    worst = error <= worst ? worst : (std::isnan(error) ? HUGE_VAL : error);
  }
  return worst;
}

double worst_tanh(const std::string& variant) {
  constexpr double kSoftcap = 512;
  const std::vector<double> x = arguments(8, 86, 500'000);
  const Probabilities p = probabilities(x, kSoftcap, variant);
  const double exp_rel = declared_f32(variant).exp_rel;
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double exact = std::tanh(x[i] / kSoftcap);
    // The softcap is a power of two: dividing and multiplying by it are exact.
    const double computed = std::log(p.second[i] / p.first[i]) / kSoftcap;
    const double allowance = (exp_rel + 2 * kUnit) / kSoftcap;
    const double error = (std::fabs(computed - exact) - allowance) / std::fabs(exact);
    worst = error <= worst ? worst : (std::isnan(error) ? HUGE_VAL : error);
  }
  return worst;
}

}  // namespace attest::onednn_tests
