#include "check/outline/hiding_bias.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/bound/bound.hpp"
#include "oracle/bound/bound_terms.hpp"
#include "oracle/bound/score_error.hpp"

namespace attest::check {
namespace {

// The hidden key's weight is 0 whatever the error of its score, as long as e to that error is a number of f64
// (e^709 is the largest).
constexpr double kMostError = 700;
// What the bound may grow by, for values of about 1: far below what makes an output uninformative.
constexpr double kSlack = 0x1p-7;
constexpr int kSteps = 20;  // of the search over exponents: to within a thousandth of f64's 2048 of them

struct Setting {
  const oracle::Contract& contract;
  DType out;
  double keys;
  bool sloped;
};

// Of a row with one such key; HUGE_VAL where that key's own error says nothing. The errors that a row shares
// (abar, kappa, those of a merge) follow from its largest score, which is the hidden one.
double bound_with(const Setting& of, double bias) {
  oracle::KeyFacts hidden;
  hidden.bias = hidden.running = hidden.final = hidden.gap = bias;
  oracle::ScoreSetting setting;
  setting.biased = true;
  setting.alibi = of.sloped;
  setting.lambda = oracle::underflow_of(of.contract);
  oracle::RowScope scope{of.keys, of.keys};
  scope.abar = oracle::ScoreError(of.contract, setting).of(hidden, 0, of.keys);
  scope.largest_score = scope.largest_gap = bias;
  oracle::BoundTerms terms = oracle::bound_terms(of.contract, scope);
  if (!(terms.common.at(scope.abar, bias) <= kMostError)) return HUGE_VAL;
  const double common = std::expm1(terms.common.at(0, 0));
  oracle::set_sums(terms, {1, std::log(of.keys), common});
  const oracle::ChannelLine line = oracle::channel_line(terms, oracle::last_roundings(terms, of.out));
  const double weighted = common + (1 + common) * (terms.mu + terms.nu);
  return line.bound({weighted, of.keys, 1, 1});
}

}  // namespace

double largest_hiding_bias(const oracle::Contract& contract, DType out, std::int64_t keys, bool sloped,
                           double most) {
  const Setting of{contract, out, static_cast<double>(std::max<std::int64_t>(1, keys)), sloped};
  const double allowed = 2 * bound_with(of, 0) + kSlack;
  const auto allows = [&](double bias) { return bound_with(of, bias) <= allowed; };
  if (allows(most)) return most;
  double low = 0;  // exponents of 2
  double high = std::log2(most);
  for (int i = 0; i < kSteps; ++i) {
    const double middle = (low + high) / 2;
    (allows(std::exp2(middle)) ? low : high) = middle;
  }
  return std::exp2(low);
}

}  // namespace attest::check
