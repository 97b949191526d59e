#include "oracle/blocked/head.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "oracle/blocked/rounding.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::oracle::blocked {
namespace {

// Column sums and extremes of the values.
struct Columns {
  std::vector<double> sum, low, high;
  explicit Columns(std::size_t n) : sum(n, 0), low(n, HUGE_VAL), high(n, -HUGE_VAL) {}

  void add(const double* v, std::size_t n) {
    for (std::size_t c = 0; c < n; ++c) {
      sum[c] += v[c];
      low[c] = std::min(low[c], v[c]);
      high[c] = std::max(high[c], v[c]);
    }
  }
};

constexpr double kLargestValue = 0x1p900;
constexpr double kLargestNorm = 0x1p400;

void set_columns(HeadFacts& facts, const Columns& columns, std::size_t n, double keys) {
  for (std::size_t c = 0; c < n; ++c) {
    const double centre = columns.sum[c] / keys;
    facts.centre[c] = centre;
    facts.deviation[c] =
        up(std::max(std::fabs(columns.low[c] - centre), std::fabs(columns.high[c] - centre)));
    facts.value_max[c] = std::max(std::fabs(columns.low[c]), std::fabs(columns.high[c]));
    facts.usable = facts.usable && facts.value_max[c] < kLargestValue;
    if (!facts.usable) return;  // the deviation may be infinite or NaN
    facts.unit[c] = std::ldexp(1.0, std::ilogb(std::max(facts.deviation[c], 0x1p-900)) + 1);
    facts.per_unit[c] = 1 / facts.unit[c];
  }
}

}  // namespace

double norm_above(const double* x, std::int64_t n) {
  std::array<double, 8> squares{};  // side by side, or every addition waits for the last
  std::int64_t c = 0;
  for (; c + 8 <= n; c += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) {
      const double y = x[c + static_cast<std::int64_t>(lane)];
      squares[lane] += y * y;
    }
  }
  for (; c < n; ++c) squares[0] += x[c] * x[c];
  double sum = 0;
  for (const double square : squares) sum += square;
  return up(std::sqrt(sum)) + 0x1p-500;  // squares below 2^-1074 vanish
}

HeadFacts head_facts(const Problem& problem, std::int64_t b, std::int64_t kv_head, std::size_t channels) {
  HeadFacts facts;
  for (auto* column : {&facts.centre, &facts.deviation, &facts.value_max}) column->resize(channels, 0);
  facts.unit.resize(channels, 1);
  facts.per_unit.resize(channels, 1);
  const std::int64_t keys = keys_of(problem, b);
  if (keys == 0) return facts;
  const auto v_dim = static_cast<std::size_t>(problem.v_dim());
  std::vector<double> key(static_cast<std::size_t>(problem.qk_dim()));
  std::vector<double> value(v_dim);
  Columns columns(v_dim);
  facts.usable = true;
  for (std::int64_t j = 0; j < keys; ++j) {
    KeyValue(problem).load_key(b, kv_head, j, key.data());
    KeyValue(problem).load_value(b, kv_head, j, value.data());
    columns.add(value.data(), v_dim);
    const double norm = norm_above(key.data(), problem.qk_dim());
    facts.usable = facts.usable && norm < kLargestNorm;
    facts.key_norm = std::max(facts.key_norm, norm);
    double sum = 0;
    for (const double x : key) {
      sum += std::fabs(x);
      facts.key_max = std::max(facts.key_max, std::fabs(x));
    }
    facts.key_sum = std::max(facts.key_sum, up(sum));
  }
  // A NaN among the values is in the sum, whatever the extremes say.
  for (const double sum : columns.sum) facts.usable = facts.usable && std::isfinite(sum);
  set_columns(facts, columns, v_dim, static_cast<double>(keys));
  return facts;
}

}  // namespace attest::oracle::blocked
