// Scores of 0, integer V, a power-of-two number of such keys: the output is their mean, bit for bit.
//
// Where q or k is 0, without softcap, bias and slope, the score is exactly 0 and, while it is the row's
// maximum, the weight exactly 1 (exactness.cpp). The row's other keys may be any that are behind by more than
// 1024, with finite values: their weight is 0, and so is the factor that rescales what was summed before the
// first key of score 0. Where the contract's exponential has an absolute error (exp_abs) they leave no trace
// next to values of at least 1, if their own are not negative. The denominator counts to n <= 2^p of its
// format. Every partial sum of the numerator, in any order, is an integer of at most sum |v| <= 2^p of its
// format. Dividing by n = 2^k, or multiplying by the exact 1/n, changes the exponent only. A contract that
// normalises P first multiplies by the exact 1/n before it adds: the partial sums are then multiples of 1/n
// of at most 2^p quanta, as exact. The mean itself must be held by the numerator's and the output's format.
// Nothing of this allows a last bit to differ.

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "laws/catalogue.hpp"
#include "laws/inputs/edit.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/inputs/scores.hpp"
#include "laws/relations/breaches.hpp"
#include "numerics/random_value.hpp"
#include "oracle/contract/exactness.hpp"
#include "oracle/definition/head_terms.hpp"
#include "oracle/definition/visible.hpp"
#include "problem/inputs.hpp"
#include "problem/key_value.hpp"

namespace attest::laws {
namespace {

bool power_of_two(std::int64_t n) { return n > 0 && (n & (n - 1)) == 0; }

// Keys of score 0, and how many others the row sees.
struct Uniform {
  std::vector<std::int64_t> keys;
  double others = 0;
};

bool is_far_below(const Problem& p, const oracle::ContractSet& contract, std::int64_t b, std::int64_t h,
                  std::int64_t i, std::int64_t j) {
  const double scale = oracle::head_terms(p, h).scale;
  double magnitude = 0;
  for (std::int64_t c = 0; c < p.qk_dim(); ++c)
    magnitude += std::fabs(scale * p.q.at({b, h, i, c}) * KeyValue(p).key(b, oracle::kv_head_of(p, h), j, c));
  return oracle::surely_far_below(contract, score_of(p, b, h, i, j),
                                  magnitude / std::min(1.0, std::fabs(scale)), p.qk_dim());
}

// The row's visible keys when the law speaks of it, else none.
Uniform uniform_keys(const Problem& p, const oracle::ContractSet& contract, std::int64_t b, std::int64_t h,
                     std::int64_t i) {
  Uniform row;
  if (has_sink(p, h)) return {};
  for (const std::int64_t j : oracle::visible_keys(p, b, h, i)) {
    if (score_is_zero(p, contract, b, h, i, j))
      row.keys.push_back(j);
    else if (is_far_below(p, contract, b, h, i, j))
      ++row.others;
    else
      return {};
  }
  const auto n = static_cast<std::int64_t>(row.keys.size());
  const auto count = static_cast<double>(n);
  if (!power_of_two(n) || !oracle::count_is_exact(contract, count) ||
      !oracle::share_is_exact(contract, count))
    return {};
  return row;
}

// Whether the channel's values of keys that are far behind leave no trace.
bool others_vanish(const Problem& p, const oracle::ContractSet& contract, const Uniform& row, std::int64_t b,
                   std::int64_t g, std::int64_t c) {
  if (row.others == 0) return true;
  double least = HUGE_VAL;
  double largest = 0;
  for (std::int64_t j = 0; j < p.kv_len(); ++j) {
    const double v = KeyValue(p).value(b, g, j, c);
    if (!(std::fabs(v) <= 0x1p10)) return false;
    least = std::min(least, v);
    largest = std::max(largest, v);
  }
  return oracle::far_keys_vanish(contract, row.others, least >= 1 ? largest : HUGE_VAL);
}

// The exact mean of one channel, when the law asks for its bits.
std::optional<double> exact_mean(const Problem& p, const oracle::ContractSet& contract,
                                 const std::vector<std::int64_t>& keys, std::int64_t b, std::int64_t g,
                                 std::int64_t c) {
  double sum = 0;
  double magnitude = 0;
  for (const std::int64_t j : keys) {
    const double v = KeyValue(p).value(b, g, j, c);
    if (!(std::fabs(v) <= 0x1p52) || v != std::nearbyint(v)) return std::nullopt;
    if (!oracle::conversion_is_exact(contract, v)) return std::nullopt;
    sum += v;
    magnitude += std::fabs(v);
  }
  const double mean = sum / static_cast<double>(keys.size());
  if (!oracle::sum_is_exact(contract, magnitude) || !oracle::value_is_exact(contract, mean, p.q.dtype()))
    return std::nullopt;
  return mean;
}

std::string why_not(const Problem& p, const oracle::ContractSet& contract) {
  if (p.softcap != 0) return "softcap may round tanh(0)";
  if (std::string why = oracle::why_weights_round(contract); !why.empty()) return why;
  bool any = false;
  for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
    any = any || !uniform_keys(p, contract, b, h, i).keys.empty();
  });
  return any ? "" : "no row sees a power-of-two number of keys with score 0, and others far behind only";
}

// For queries of ones: every second or fourth key has score 0, the others -1200 or less.
void put_far_keys(Problem& p, std::uint64_t seed) {
  const std::int64_t period = 2 << random_below(seed + 1, 2);
  const std::int64_t phase = random_below(seed + 2, std::min(period, p.kv_len()));
  const double per_channel = p.scale * static_cast<double>(p.qk_dim());
  std::vector<double> keys;
  for (std::int64_t at = 0; at < p.k.count(); ++at) {
    const std::int64_t j = at / p.qk_dim() % p.kv_len();
    keys.push_back(j % period == phase ? 0 : -(1200 + static_cast<double>(j % 5)) / per_channel);
  }
  p.k.assign(keys);
}

std::optional<Problem> prepare(const Problem& problem, std::uint64_t seed) {
  if (problem.batch() * problem.q_len() * problem.kv_len() == 0) return std::nullopt;
  std::int64_t keys = 1;
  while (2 * keys <= problem.kv_len()) keys *= 2;
  Problem p = with_first_keys(problem, keys);
  p.softcap = 0;
  leave_out(p, InputEffect::score);
  const bool far_keys = random_below(seed, 2) == 1 && keys > 1 && p.scale != 0;
  p.q.assign(std::vector<double>(static_cast<std::size_t>(p.q.count()), far_keys ? 1 : 0));
  if (far_keys) put_far_keys(p, seed);
  std::vector<double> values(static_cast<std::size_t>(p.v.count()));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<double>(1 + random_below(seed + i, 15));
  p.v.assign(values);
  return p;
}

Relation relate(Subject& subject, const std::vector<Call>&, const CallResults&) {
  const Problem& p = subject.problem();
  const Tensor& out = subject.base().result.out;
  std::vector<oracle::Element> elements;
  for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
    const Uniform row = uniform_keys(p, subject.contract(), b, h, i);
    if (row.keys.empty()) return;
    for (std::int64_t c = 0; c < p.v_dim(); ++c) {
      if (!others_vanish(p, subject.contract(), row, b, oracle::kv_head_of(p, h), c)) continue;
      const std::optional<double> mean =
          exact_mean(p, subject.contract(), row.keys, b, oracle::kv_head_of(p, h), c);
      const double got = out.at({b, h, i, c});
      if (mean && !(got == *mean))
        elements.push_back({{b, h, i, Output::out, c}, oracle::Standing::violated, got, *mean, 0, HUGE_VAL});
    }
  });
  Relation relation{std::nullopt, elements.empty()};
  if (!elements.empty()) relation.breach = breach_of_elements(p, std::move(elements));
  return relation;
}

}  // namespace

Law uniform_law() {
  return {.id = LawId::uniform,
          .on_kernels = "bit for bit",
          .why_not = why_not,
          .prepare = prepare,
          .relate = relate};
}

}  // namespace attest::laws
