#include "faults/diagnosis/sampled_rows.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "faults/diagnosis/matched_filter.hpp"
#include "oracle/bound/hull.hpp"
#include "oracle/judge/judge.hpp"
#include "oracle/tiers/certificate.hpp"

namespace attest::faults {
namespace {

constexpr double kWork = 1 << 18;  // rows * keys * (qk_dim + v_dim) looked at in one problem
constexpr std::int64_t kMostRows = 96;
constexpr std::size_t kViolationsRead = 4096;

std::vector<std::int64_t> evenly(const std::vector<std::int64_t>& from, std::int64_t count) {
  const auto all = static_cast<std::int64_t>(from.size());
  std::vector<std::int64_t> chosen;
  for (std::int64_t n = 0; n < std::min(all, count); ++n) {
    chosen.push_back(from[static_cast<std::size_t>(n * all / std::min(all, count))]);
  }
  return chosen;
}

// Row numbers in row-major order.
std::vector<std::int64_t> chosen_rows(const Evidence& e, const oracle::ContractSet& contract) {
  const Problem& p = e.problem;
  const std::int64_t rows = p.batch() * p.q_heads() * p.q_len();
  const double row_work =
      static_cast<double>(std::max<std::int64_t>(1, p.kv_len()) * (p.qk_dim() + p.v_dim()));
  const auto most = std::clamp<std::int64_t>(static_cast<std::int64_t>(kWork / row_work), 1, kMostRows);
  std::vector<std::int64_t> all;
  for (std::int64_t n = 0; n < rows; ++n) all.push_back(n);
  if (rows <= most) return all;
  std::set<std::int64_t> wrong;
  oracle::JudgeOptions options;
  options.max_violations = kViolationsRead;
  for (const oracle::Element& v :
       oracle::judge(p, e.result, contract, oracle::affordable(p, options)).violations) {
    wrong.insert((v.b * p.q_heads() + v.h) * p.q_len() + v.i);
  }
  const std::vector<std::int64_t> first = evenly({wrong.begin(), wrong.end()}, (most + 1) / 2);
  std::set<std::int64_t> chosen(first.begin(), first.end());
  for (const std::int64_t n : evenly(all, most)) {
    if (static_cast<std::int64_t>(chosen.size()) < most) chosen.insert(n);
  }
  return {chosen.begin(), chosen.end()};
}

// A row without a visible key has an exact result: any deviation is many deviations.
RowVariance variance_of_empty(const oracle::Row& row) {
  constexpr double kTiny = 1e-30;
  return {std::vector<double>(static_cast<std::size_t>(row.v_dim), kTiny),
          row.sink ? 1e-14 * (1 + *row.sink * *row.sink) : kTiny};
}

bool is_narrower(double variance, double width) { return variance <= width * width; }

// Where scores are so large that nothing is known of their errors, an output still lies in the hull of the
// visible values.
void limit_to_hull(const Problem& p, const oracle::ContractSet& contract, const oracle::Row& row,
                   RowVariance& variance) {
  constexpr double kLeast = 1e-300;  // a variance to divide by
  const std::vector<oracle::ValueRange> ranges = oracle::value_ranges(row);
  bool known = true;
  for (std::size_t c = 0; c < ranges.size(); ++c)
    known = known && is_narrower(variance.out[c], ranges[c].high - ranges[c].low);
  if (known) return;
  const oracle::Certificate certificate = oracle::certify(p, contract, row);
  for (std::size_t c = 0; c < ranges.size(); ++c) {
    const double bound = certificate.out(c).smallest_bound();
    variance.out[c] = std::max(kLeast, std::min(variance.out[c], bound * bound));
  }
  const double bound = certificate.lse_bound();
  variance.lse = std::max(kLeast, std::min(variance.lse, bound * bound));
}

double misfit_of(const Result& result, const SampledRow& row) {
  double misfit = 0;
  for (std::size_t c = 0; c < row.correct.out.size(); ++c) {
    const double got = result.out.at({row.b, row.h, row.i, static_cast<std::int64_t>(c)});
    misfit += most_misfit(got, row.correct.out[c], row.variance.out[c]);
  }
  if (!result.lse) return misfit;
  return misfit + most_misfit(result.lse->at({row.b, row.h, row.i}), row.correct.lse, row.variance.lse);
}

}  // namespace

std::vector<SampledRow> sampled_rows(const Evidence& e, const oracle::ContractSet& contract) {
  const Problem& p = e.problem;
  std::vector<SampledRow> rows;
  for (const std::int64_t number : chosen_rows(e, contract)) {
    SampledRow w{
        number / p.q_len() / p.q_heads(), number / p.q_len() % p.q_heads(), number % p.q_len(), {}, {}, 0};
    const oracle::Row row = oracle::gather_row(p, w.b, w.h, w.i);
    if (!row.finite) continue;
    w.correct = prediction_of(row);
    w.variance =
        row.keys == 0 ? variance_of_empty(row) : row_variance(contract, row, p.q.dtype(), p.lse_dtype());
    if (row.keys > 0) limit_to_hull(p, contract, row, w.variance);
    w.misfit = misfit_of(e.result, w);
    rows.push_back(std::move(w));
  }
  return rows;
}

}  // namespace attest::faults
