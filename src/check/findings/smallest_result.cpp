#include "check/findings/smallest_result.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <utility>

#include "check/record/problem_size.hpp"

namespace attest::check {
namespace {

constexpr double kMostPairs = 1 << 12;          // scores: a page shows a few dozen
constexpr std::int64_t kMostNumbers = 1 << 14;  // inputs and outputs

bool same_number(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

}  // namespace

void keep_result(Finding& finding, const Result& result, const oracle::ContractSet& contract) {
  const std::int64_t numbers = elements_of(finding.problem) + result.out.count();
  if (finding.elements.empty() || pairs_of(finding.problem) > kMostPairs || numbers > kMostNumbers) return;
  const oracle::JudgeOptions all{.max_violations = static_cast<std::size_t>(kMostNumbers)};
  const oracle::Judgement judgement = oracle::judge(finding.problem, result, contract, all);
  const auto& violations = judgement.violations;
  const double got = finding.elements.front().got;
  const bool shown = std::any_of(violations.begin(), violations.end(),
                                 [got](const oracle::Element& e) { return same_number(e.got, got); });
  if (!shown) return;
  SmallestResult kept{result, {}};
  for (const oracle::Element& e : violations) kept.wrong.push_back(e);
  finding.result = std::move(kept);
}

}  // namespace attest::check
