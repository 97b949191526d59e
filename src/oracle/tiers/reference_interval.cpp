// Tier 3. The definition in MPFI intervals: an enclosure by construction.
#include <algorithm>
#include <cmath>

#include <boost/multiprecision/mpfi.hpp>
#include <boost/multiprecision/mpfr.hpp>

#include "oracle/tiers/references.hpp"

namespace attest::oracle {
namespace {

namespace mp = boost::multiprecision;
using Interval = mp::number<mp::mpfi_float_backend<0>, mp::et_off>;

// Boost counts decimal digits and keeps the default precision per thread; restore it on the way out.
class PrecisionScope {
 public:
  explicit PrecisionScope(unsigned bits) : before_(Interval::thread_default_precision()) {
    Interval::thread_default_precision(1 + bits * 301 / 1000);
  }
  PrecisionScope(const PrecisionScope&) = delete;
  PrecisionScope& operator=(const PrecisionScope&) = delete;
  ~PrecisionScope() { Interval::thread_default_precision(before_); }

 private:
  unsigned before_;
};

double upper(const Interval& x) { return mpfr_get_d(&x.backend().data()[0].right, MPFR_RNDU); }
double lower(const Interval& x) { return mpfr_get_d(&x.backend().data()[0].left, MPFR_RNDD); }
double magnitude(const Interval& x) { return std::max(std::fabs(lower(x)), std::fabs(upper(x))); }

// The nearest pair of doubles to an interval's middle, and the distance that it may be off.
Known known(const Interval& x) {
  Known result;
  result.hi = 0.5 * (lower(x) + upper(x));
  if (!std::isfinite(result.hi)) return {0, 0, HUGE_VAL};
  const Interval rest = x - Interval(result.hi);
  result.lo = 0.5 * (lower(rest) + upper(rest));
  result.radius = magnitude(rest - Interval(result.lo));
  return result;
}

Interval score_of(const Row& row, std::int64_t j, KeyFacts& facts) {
  const double* key = row.k.data() + j * row.qk_dim;
  Interval dot = 0;
  Interval dot_abs = 0;
  Interval key_abs = 0;
  for (std::int64_t c = 0; c < row.qk_dim; ++c) {
    const Interval product = Interval(row.q[static_cast<std::size_t>(c)]) * Interval(key[c]);
    dot += product;
    dot_abs += Interval(magnitude(product));
    key_abs += Interval(std::fabs(key[c]));
  }
  facts.dot_abs = upper(dot_abs);
  facts.key_abs = upper(key_abs);
  facts.product = magnitude(dot);
  Interval s = Interval(row.scale) * dot;
  facts.scaled = magnitude(s);
  if (row.softcap != 0) s = Interval(row.softcap) * mp::tanh(s / Interval(row.softcap));
  facts.capped = magnitude(s);
  const auto at = static_cast<std::size_t>(j);
  const Interval bias = row.bias.empty() ? Interval(0) : Interval(row.bias[at]);
  const Interval alibi =
      row.distance.empty() ? Interval(0) : Interval(row.slope) * Interval(row.distance[at]);
  facts.bias = magnitude(bias);
  facts.alibi = magnitude(alibi);
  const Interval score = s + bias - alibi;
  facts.final = magnitude(score);
  facts.running = std::max({facts.capped, magnitude(s + bias), magnitude(s - alibi), facts.final});
  if (!row.distance.empty()) facts.running = std::max(facts.running, magnitude(bias - alibi));
  return score;
}

}  // namespace

RowFacts reference_interval(const Row& row, unsigned bits) {
  const PrecisionScope scope(bits);
  RowFacts facts;
  facts.tier = Tier::interval;
  facts.keys.resize(static_cast<std::size_t>(row.keys) + (row.sink ? 1 : 0));
  std::vector<Interval> scores;
  for (std::int64_t j = 0; j < row.keys; ++j) {
    scores.push_back(score_of(row, j, facts.keys[static_cast<std::size_t>(j)]));
  }
  double key_lower = -HUGE_VAL;
  for (const Interval& s : scores) key_lower = std::max(key_lower, lower(s));
  if (row.sink) {
    scores.emplace_back(*row.sink);
    KeyFacts& sink = facts.keys.back();
    sink.sink = true;
    sink.final = sink.running = std::fabs(*row.sink);
    if (row.keys > 0) facts.sink_excess = std::max(0.0, upper(scores.back() - Interval(key_lower)));
  }
  // Any shift will do for the quotient. The exact maximum lies between these two doubles.
  double max_lower = -HUGE_VAL;
  double max_upper = -HUGE_VAL;
  for (const Interval& s : scores) {
    max_lower = std::max(max_lower, lower(s));
    max_upper = std::max(max_upper, upper(s));
  }
  const Interval shift(max_lower);
  const Interval slack = Interval(max_upper) - shift;
  std::vector<Interval> weights;
  Interval sum = 0;
  for (const Interval& s : scores) {
    weights.push_back(mp::exp(s - shift));
    sum += weights.back();
  }
  for (std::size_t j = 0; j < scores.size(); ++j) {
    facts.keys[j].gap = std::max(0.0, upper(Interval(max_upper) - scores[j]));
    facts.keys[j].probability = upper(weights[j] / sum);
  }
  facts.max_abs_score = std::max(std::fabs(max_lower), std::fabs(max_upper));
  facts.sum_lower = std::max(1.0, lower(sum * mp::exp(-slack)));
  facts.log_sum_upper = std::max(0.0, upper(mp::log(sum)));
  for (std::int64_t c = 0; c < row.v_dim; ++c) {
    Interval numerator = 0;
    for (std::int64_t j = 0; j < row.keys; ++j) {
      numerator +=
          weights[static_cast<std::size_t>(j)] * Interval(row.v[static_cast<std::size_t>(j * row.v_dim + c)]);
    }
    facts.out.push_back(known(numerator / sum));
  }
  facts.lse = known(shift + mp::log(sum));
  return facts;
}

}  // namespace attest::oracle
