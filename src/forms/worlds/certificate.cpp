#include "forms/worlds/certificate.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "problem/key_value.hpp"

namespace attest::forms {
namespace {

Result result_of(const Problem& problem, const FloatRow& row) {
  Result result{Tensor(problem.q.dtype(), {1, 1, 1, problem.v_dim()}),
                Tensor(problem.lse_dtype(), {1, 1, 1})};
  for (std::size_t c = 0; c < row.output.size(); ++c) {
    result.out.set({0, 0, 0, static_cast<std::int64_t>(c)}, row.output[c]);
  }
  result.lse->set({0, 0, 0}, row.lse);
  return result;
}

// The judge's own limit beyond which a bound certifies nothing.
double informative_limit(const RowCase& row, std::size_t channel) {
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  for (const KeyCase& key : row.keys) {
    if (!key.visible) continue;
    low = std::min<double>(low, key.value.at(channel));
    high = std::max<double>(high, key.value.at(channel));
  }
  return std::max((high - low) / 4, std::max(std::fabs(low), std::fabs(high)) / 16);
}

}  // namespace

bool Certifier::holds(const RowCase& row) const {
  const auto exact = [this](double x) { return representable(dtype_, x) == x; };
  return std::all_of(row.keys.begin(), row.keys.end(), [&](const KeyCase& key) {
    return exact(score_number(key, row.shift)) &&
           std::all_of(key.value.begin(), key.value.end(), [&](int v) { return exact(v); });
  });
}

Problem Certifier::problem(const RowCase& row) const {
  const auto keys = static_cast<std::int64_t>(row.keys.size());
  const auto channels = static_cast<std::int64_t>(row.channels);
  Problem p;
  p.q = Tensor(dtype_, {1, 1, 1, 1});
  p.k = Tensor(dtype_, {1, 1, keys, 1});
  p.v = Tensor(dtype_, {1, 1, keys, channels});
  p.mask = Tensor(DType::u8, {1, 1, 1, keys});
  p.q.set({0, 0, 0, 0}, 1);
  for (std::int64_t j = 0; j < keys; ++j) {
    const KeyCase& key = row.keys[static_cast<std::size_t>(j)];
    set_key(p, 0, 0, j, 0, score_number(key, row.shift));
    p.mask->set({0, 0, 0, j}, key.visible ? 1 : 0);
    for (std::int64_t c = 0; c < channels; ++c) {
      set_value(p, 0, 0, j, c, key.value.at(static_cast<std::size_t>(c)));
    }
  }
  return p;
}

oracle::ContractSet Certifier::contract(const RowCase& row, const FormEntry& form) const {
  std::string text = contract_;
  if (form.needs == FormNeeds::thresholds) {
    // The threshold is compared with the rounded sum of shift and tau: the shift may lag by that much more.
    double largest = 0;
    for (const KeyCase& key : row.keys) largest = std::max(largest, std::fabs(score_number(key, row.shift)));
    const double tau = kNatsAUnit * row.choices.tau;
    const double rounding = format_of(dtype_).unit_roundoff() * (largest + tau);
    text += fmt::format(";tau={}", tau + rounding);
  }
  if (form.needs == FormNeeds::log_sum_exp) text += ";merge=lse;splits=2";
  if (form.normalises_first) text += kNormalisesFirst;
  return oracle::contract_for(text, dtype_, dtype_);
}

Ruling Certifier::judged(const RowCase& row, const FormEntry& form, const FloatRow& got, bool of_lse) const {
  const Problem p = problem(row);
  const oracle::Judgement judgement = oracle::judge(p, result_of(p, got), contract(row, form));
  for (const oracle::Element& e : judgement.violations) {
    if (e.in(Output::lse) != of_lse) continue;
    const std::string what = of_lse ? "lse" : fmt::format("channel {}", e.channel);
    return {Decision::violated, fmt::format("{}: {:.9g} in place of {:.9g}, {:.3g} times the certified bound",
                                            what, e.got, e.expected, e.ratio)};
  }
  const oracle::Tally& tally = of_lse ? judgement.lse : judgement.out;
  if (tally.within == tally.total()) return {};
  return {Decision::undecided, tally.out_of_range > 0
                                   ? "a correct form may overflow"
                                   : "the bound is so wide that nearly every value passes"};
}

FloatBounds Certifier::bounds(const RowCase& row, const FormEntry& form) const {
  const Problem p = problem(row);
  // A NaN is beyond any bound, so every element that has one is listed.
  const FloatRow nan{std::vector<double>(row.channels, NAN), NAN};
  const oracle::Judgement judgement =
      oracle::judge(p, result_of(p, nan), contract(row, form), {.max_violations = row.channels + 1});
  FloatBounds bounds{std::vector<double>(row.channels, HUGE_VAL), HUGE_VAL};
  for (const oracle::Element& e : judgement.violations) {
    if (e.in(Output::lse)) {
      bounds.lse = e.bound;
      continue;
    }
    const auto c = static_cast<std::size_t>(e.channel);
    if (e.bound <= informative_limit(row, c)) bounds.output[c] = e.bound;
  }
  return bounds;
}

}  // namespace attest::forms
