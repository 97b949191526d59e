#include "check/compare/differences.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "check/record/problem_size.hpp"
#include "oracle/definition/row.hpp"
#include "oracle/tiers/row_standard.hpp"
#include "problem/signature.hpp"

namespace attest::check {
namespace {

// Rows beyond cost more than the rest of a case does.
constexpr double kBoundedProducts = 1 << 22;

bool same_number(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

// Where the number stands among those of its dtype: neighbours differ by 1, and -0 stands with +0.
template <class Bits>
std::int64_t place_of(Bits bits) {
  constexpr Bits kSign = static_cast<Bits>(Bits{1} << (8 * sizeof(Bits) - 1));
  const auto magnitude = static_cast<std::int64_t>(bits & static_cast<Bits>(~kSign));
  return (bits & kSign) != 0 ? -magnitude : magnitude;
}

std::int64_t place_of(DType dtype, double x) {
  std::array<std::byte, 8> bytes{};
  encode(dtype, x, bytes.data());
  const auto as = [&](auto bits) {
    std::memcpy(&bits, bytes.data(), sizeof bits);
    return place_of(bits);
  };
  switch (size_of(dtype)) {
    case 2:
      return as(std::uint16_t{});
    case 4:
      return as(std::uint32_t{});
    default:
      return as(std::uint64_t{});
  }
}

void count(Differences& counts, DType dtype, double a, double b) {
  ++counts.outputs;
  if (same_number(a, b)) {
    ++counts.equal;
    return;
  }
  if (std::isfinite(a) && std::isfinite(b))
    counts.largest_ulp = std::max(counts.largest_ulp, ulps_between(dtype, a, b));
  else
    ++counts.unlike;
}

// What both kernels' outputs are bounded by, channel by channel.
class BoundedRows {
 public:
  BoundedRows(const Problem& problem, const Result& first, const Result& second,
              const oracle::ContractSet& first_contract, const oracle::ContractSet& second_contract,
              Differences& counts, DifferingOutput& farthest)
      : p_(problem),
        first_(first),
        second_(second),
        first_standards_(problem, first_contract),
        second_standards_(problem, second_contract),
        counts_(counts),
        farthest_(farthest) {}

  void add_row(std::int64_t b, std::int64_t h, std::int64_t i) {
    const oracle::Row row = oracle::gather_row(p_, b, h, i);
    if (row.empty()) return add_empty(b, h, i);
    if (!row.finite) return;
    const oracle::StandardMemo::Shared one = first_standards_.of(row);
    const oracle::StandardMemo::Shared two = second_standards_.of(row);
    for (std::int64_t c = 0; c < row.v_dim; ++c) {
      const oracle::ChannelStandard& x = one->out[static_cast<std::size_t>(c)];
      const oracle::ChannelStandard& y = two->out[static_cast<std::size_t>(c)];
      if (!x.in_range || !y.in_range) continue;
      const double got_first = first_.out.at({b, h, i, c});
      const double got_second = second_.out.at({b, h, i, c});
      add({{b, h, i, Output::out, c},
           {},
           got_first,
           got_second,
           x.exact.hi + x.exact.lo,
           x.reach(got_first),
           y.reach(got_second)});
    }
    if (!first_.lse || !second_.lse || !one->lse_in_range || !two->lse_in_range) return;
    add({{b, h, i, Output::lse},
         {},
         first_.lse->at({b, h, i}),
         second_.lse->at({b, h, i}),
         one->lse.hi + one->lse.lo,
         one->lse_bound + one->lse.radius,
         two->lse_bound + two->lse.radius});
  }

 private:
  // The output is exactly 0 and lse is -inf.
  void add_empty(std::int64_t b, std::int64_t h, std::int64_t i) {
    for (std::int64_t c = 0; c < p_.v_dim(); ++c)
      add({{b, h, i, Output::out, c},
           {},
           first_.out.at({b, h, i, c}),
           second_.out.at({b, h, i, c}),
           0,
           0,
           0});
    if (!first_.lse || !second_.lse) return;
    add({{b, h, i, Output::lse}, {}, first_.lse->at({b, h, i}), second_.lse->at({b, h, i}), -HUGE_VAL, 0, 0});
  }

  void add(DifferingOutput output) {
    const double sum = output.first_bound + output.second_bound;
    if (!(sum < HUGE_VAL)) return;
    const bool equal = same_number(output.first, output.second);
    const bool finite = std::isfinite(output.first) && std::isfinite(output.second);
    output.ratio = equal ? 0 : finite ? std::fabs(output.first - output.second) / sum : HUGE_VAL;
    counts_.ratios.add(output.ratio);
    // The subtraction and the sum round.
    if (output.ratio > 1 + 0x1p-50) ++counts_.beyond;
    if (output.ratio <= farthest_.ratio) return;
    output.where = describe(p_);
    farthest_ = std::move(output);
  }

  const Problem& p_;
  const Result& first_;
  const Result& second_;
  oracle::Standards first_standards_, second_standards_;
  Differences& counts_;
  DifferingOutput& farthest_;
};

oracle::RowSample bounded_rows(const Problem& p) {
  const std::int64_t rows = p.batch() * p.q_heads() * p.q_len();
  const double share = std::min(1.0, kBoundedProducts / std::max(1.0, products_of(p)));
  return {std::max<std::int64_t>(4, static_cast<std::int64_t>(share * static_cast<double>(rows))), 1};
}

Differences count_all(const Result& first, const Result& second) {
  Differences counts;
  counts.cases = 1;
  for (const OutputTensor& output : kForward.outputs) {
    const Tensor* one = output.of(first);
    const Tensor* two = output.of(second);
    if (one == nullptr || two == nullptr) continue;
    const std::vector<double> a = one->values();
    const std::vector<double> b = two->values();
    for (std::size_t i = 0; i < a.size(); ++i) count(counts, one->dtype(), a[i], b[i]);
  }
  counts.equal_cases = counts.equal == counts.outputs ? 1 : 0;
  return counts;
}

}  // namespace

double ulps_between(DType dtype, double a, double b) {
  const std::int64_t x = place_of(dtype, a);
  const std::int64_t y = place_of(dtype, b);
  // Of different signs the difference may not fit.
  if ((x < 0) == (y < 0)) return static_cast<double>(std::abs(x - y));
  return std::fabs(static_cast<double>(x)) + std::fabs(static_cast<double>(y));
}

void Differences::merge(const Differences& other) {
  cases += other.cases;
  equal_cases += other.equal_cases;
  outputs += other.outputs;
  equal += other.equal;
  unlike += other.unlike;
  largest_ulp = std::max(largest_ulp, other.largest_ulp);
  beyond += other.beyond;
  ratios.merge(other.ratios);
}

void DifferenceBook::add(const Problem& problem, const Result& first, const Result& second,
                         const oracle::ContractSet& first_contract,
                         const oracle::ContractSet& second_contract) {
  Differences counts = count_all(first, second);
  BoundedRows rows(problem, first, second, first_contract, second_contract, counts, farthest_);
  for (const oracle::HeadRows& head : oracle::select_rows(problem, bounded_rows(problem)).heads) {
    for (const std::int64_t i : head.rows) rows.add_row(head.b, head.h, i);
  }
  all_.merge(counts);
  const FeatureSet features = features_of(problem);
  const ShapeClasses shapes = shape_classes_of(problem.q_len(), problem.kv_len());
  for (std::size_t f = 0; f < kFeatures; ++f) {
    if (features.test(f)) features_[f].merge(counts);
  }
  for (std::size_t s = 0; s < kShapeClasses; ++s) {
    if (shapes.test(s)) shapes_[s].merge(counts);
  }
}

DifferenceBook::Named DifferenceBook::by_feature() const {
  Named named;
  for (std::size_t f = 0; f < kFeatures; ++f) {
    if (features_[f].cases > 0) named.emplace_back(name_of(static_cast<Feature>(f)), features_[f]);
  }
  return named;
}

DifferenceBook::Named DifferenceBook::by_shape() const {
  Named named;
  for (std::size_t s = 0; s < kShapeClasses; ++s) {
    if (shapes_[s].cases > 0) named.emplace_back(name_of(static_cast<ShapeClass>(s)), shapes_[s]);
  }
  return named;
}

}  // namespace attest::check
