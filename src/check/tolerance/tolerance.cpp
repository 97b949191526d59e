#include "check/tolerance/tolerance.hpp"

#include <algorithm>
#include <cmath>

#include "check/tolerance/unfused.hpp"
#include "numerics/draw.hpp"
#include "oracle/noise/noise.hpp"
#include "oracle/sample/row_sample.hpp"
#include "oracle/tiers/certificate.hpp"

namespace attest::check {
namespace {

constexpr double kSigmas = 4;

void fill_normal(Tensor& tensor, Draw& draw) {
  std::vector<double> values(static_cast<std::size_t>(tensor.count()));
  for (double& x : values) x = draw.normal();
  tensor.assign(values);
}

Problem normal_problem(const ToleranceQuery& query, std::int64_t number) {
  Problem p;
  p.q = Tensor(query.q, {query.batch, query.q_heads, query.q_len, query.qk_dim});
  p.k = Tensor(query.kv, {query.batch, query.kv_heads, query.kv_len, query.qk_dim});
  p.v = Tensor(query.kv, {query.batch, query.kv_heads, query.kv_len, query.v_dim});
  p.scale = 1 / std::sqrt(static_cast<double>(query.qk_dim));
  p.causal = query.causal;
  p.want_lse = false;
  Draw draw(rc::Random(query.seed + (static_cast<std::uint64_t>(number) << 32U)));
  for (Tensor* tensor : {&p.q, &p.k, &p.v}) fill_normal(*tensor, draw);
  return p;
}

void add_row(ToleranceStudy& study, const Problem& p, const oracle::ContractSet& contract,
             const oracle::Row& row) {
  if (row.keys == 0) return;
  const oracle::Certificate certificate = oracle::certify(p, contract, row);
  const std::vector<double> limits = oracle::informative_limits(row);
  const oracle::RowNoise noise = oracle::noise_of(contract, row, p.q.dtype(), p.lse_dtype());
  const std::vector<double> unfused = unfused_output(row, p.q.dtype());
  for (std::size_t c = 0; c < limits.size(); ++c) {
    const oracle::Known& exact = certificate.facts.out[c];
    const oracle::ChannelStandard standard = certificate.out(c);
    const double bound = standard.smallest_bound() + exact.radius;
    if (!standard.in_range || !(bound < limits[c])) {
      ++study.without_bound;
      continue;
    }
    const oracle::Noise& n = noise.out[c];
    const double expected = exact.hi + exact.lo;
    study.outputs.push_back({.expected = expected,
                             .bound = bound,
                             .rounding = std::min(bound, n.offset + n.lean + kSigmas * std::sqrt(n.variance)),
                             .unfused = std::fabs(unfused[c] - expected)});
  }
}

}  // namespace

Tolerance ToleranceStudy::suggested(DType out) const {
  Tolerance tolerance{.atol = 0, .rtol = format_of(out).unit_roundoff()};
  for (const BoundedOutput& o : outputs)
    tolerance.atol = std::max(tolerance.atol, o.bound - tolerance.rtol * std::fabs(o.expected));
  return tolerance;
}

double ToleranceStudy::largest_bound() const {
  double largest = 0;
  for (const BoundedOutput& o : outputs) largest = std::max(largest, o.bound);
  return largest;
}

double ToleranceStudy::median_bound() const {
  std::vector<double> bounds;
  for (const BoundedOutput& o : outputs) bounds.push_back(o.bound);
  if (bounds.empty()) return 0;
  const auto middle = bounds.begin() + static_cast<std::ptrdiff_t>(bounds.size() / 2);
  std::nth_element(bounds.begin(), middle, bounds.end());
  return *middle;
}

double ToleranceStudy::largest_rounding() const {
  double largest = 0;
  for (const BoundedOutput& o : outputs) largest = std::max(largest, o.rounding);
  return largest;
}

double ToleranceStudy::twice_unfused() const {
  double largest = 0;
  for (const BoundedOutput& o : outputs) largest = std::max(largest, o.unfused);
  return 2 * largest;
}

ToleranceStudy study_tolerance(const ToleranceQuery& query) {
  const oracle::ContractSet contract = oracle::contract_for(query.contract, query.q, query.kv);
  ToleranceStudy study;
  study.contract = contract.text;
  study.declared = contract.declared;
  for (std::int64_t n = 0; n < query.draws; ++n) {
    const Problem p = normal_problem(query, n);
    for (const oracle::HeadRows& head : oracle::select_rows(p, {query.rows, query.seed}).heads) {
      for (const std::int64_t i : head.rows)
        add_row(study, p, contract, oracle::gather_row(p, head.b, head.h, i));
    }
  }
  return study;
}

ToleranceComparison compare(const ToleranceStudy& study, const Tolerance& tolerance) {
  ToleranceComparison comparison;
  std::int64_t below = 0;
  std::int64_t below_rounding = 0;
  comparison.least = HUGE_VAL;
  for (const BoundedOutput& o : study.outputs) {
    const double ratio = tolerance.at(o.expected) / o.bound;
    if (ratio < 1) ++below;
    if (tolerance.at(o.expected) < o.rounding) ++below_rounding;
    comparison.least = std::min(comparison.least, ratio);
    comparison.most = std::max(comparison.most, ratio);
  }
  const auto all = static_cast<double>(study.outputs.size());
  comparison.below = static_cast<double>(below) / all;
  comparison.below_rounding = static_cast<double>(below_rounding) / all;
  return comparison;
}

}  // namespace attest::check
