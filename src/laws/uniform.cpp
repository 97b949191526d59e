// q = 0, integer V, a power-of-two number of keys: the output is the mean, bit for bit.
//
// With q = 0, no softcap, and bias and slopes zero on what the row sees, all scores are exactly 0 and all
// weights exactly 1 (exactness.cpp). The denominator counts to n <= 2^p of its format. Every partial sum of
// the numerator, in any order, is an integer of at most sum |v| <= 2^p of its format. Dividing by n = 2^k, or
// multiplying by the exact 1/n, changes the exponent only. A contract that normalises P first multiplies by
// the exact 1/n before it adds: the partial sums are then multiples of 1/n of at most 2^p quanta, as exact.
// The mean itself must be held by the numerator's and the output's format. Nothing of this allows a last bit
// to differ.

#include <cmath>
#include <cstdlib>

#include "laws/catalogue.hpp"
#include "laws/edit.hpp"
#include "laws/exactness.hpp"
#include "laws/judged.hpp"
#include "laws/seen.hpp"
#include "numerics/random_value.hpp"
#include "oracle/visible.hpp"

namespace attest {
namespace {

bool power_of_two(std::int64_t n) { return n > 0 && (n & (n - 1)) == 0; }

bool query_is_zero(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i) {
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
    if (p.q.at({b, h, i, c}) != 0) return false;
  }
  return true;
}

bool added_terms_zero(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i,
                      const std::vector<std::int64_t>& keys) {
  for (const std::int64_t j : keys) {
    if (p.bias && p.bias->at({b, h, i, j}) != 0) return false;
    if (p.alibi_slopes && p.alibi_slopes->at({h}) != 0 && position_of(p, b, i) != j) return false;
    for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
      if (!std::isfinite(p.k.at({b, kv_head_of(p, h), j, c}))) return false;
    }
  }
  return true;
}

// The row's visible keys when the law speaks of it, else none.
std::vector<std::int64_t> uniform_keys(const Problem& p, const ContractSet& contract, std::int64_t b,
                                       std::int64_t h, std::int64_t i) {
  if (has_sink(p, h) || !query_is_zero(p, b, h, i)) return {};
  std::vector<std::int64_t> keys = visible_keys(p, b, h, i);
  const auto n = static_cast<std::int64_t>(keys.size());
  const auto count = static_cast<double>(n);
  if (!power_of_two(n) || !count_is_exact(contract, count) || !share_is_exact(contract, count)) return {};
  if (!added_terms_zero(p, b, h, i, keys)) return {};
  return keys;
}

// The exact mean of one channel, when the law asks for its bits.
std::optional<double> exact_mean(const Problem& p, const ContractSet& contract,
                                 const std::vector<std::int64_t>& keys, std::int64_t b, std::int64_t g,
                                 std::int64_t c) {
  double sum = 0;
  double magnitude = 0;
  for (const std::int64_t j : keys) {
    const double v = p.v.at({b, g, j, c});
    if (!(std::fabs(v) <= 0x1p52) || v != std::nearbyint(v)) return std::nullopt;
    sum += v;
    magnitude += std::fabs(v);
  }
  const double mean = sum / static_cast<double>(keys.size());
  if (!sum_is_exact(contract, magnitude) || !value_is_exact(contract, mean, p.q.dtype())) return std::nullopt;
  return mean;
}

std::string why_not(const Problem& p, const ContractSet& contract) {
  if (p.softcap != 0) return "softcap may round tanh(0)";
  if (std::string why = why_weights_round(contract); !why.empty()) return why;
  bool any = false;
  for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
    any = any || !uniform_keys(p, contract, b, h, i).empty();
  });
  return any ? "" : "no row has a zero query and a power-of-two number of visible keys";
}

std::optional<Problem> prepare(const Problem& problem, std::uint64_t seed) {
  if (problem.batch() * problem.q_len() * problem.kv_len() == 0) return std::nullopt;
  std::int64_t keys = 1;
  while (2 * keys <= problem.kv_len()) keys *= 2;
  Problem p = with_first_keys(problem, keys);
  p.softcap = 0;
  p.sink.reset();
  p.alibi_slopes.reset();
  p.bias.reset();
  p.q.assign(std::vector<double>(static_cast<std::size_t>(p.q.count()), 0));
  std::vector<double> values(static_cast<std::size_t>(p.v.count()));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<double>(1 + random_below(seed + i, 15));
  p.v.assign(values);
  return p;
}

Relation relate(Subject& subject, const std::vector<Call>&, const CallResults&) {
  const Problem& p = subject.problem();
  const Tensor& out = subject.base().result.out;
  std::vector<Element> elements;
  for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
    const std::vector<std::int64_t> keys = uniform_keys(p, subject.contract(), b, h, i);
    if (keys.empty()) return;
    for (std::int64_t c = 0; c < p.v_dim(); ++c) {
      const std::optional<double> mean = exact_mean(p, subject.contract(), keys, b, kv_head_of(p, h), c);
      const double got = out.at({b, h, i, c});
      if (mean && !(got == *mean))
        elements.push_back({b, h, i, c, Standing::violated, got, *mean, 0, HUGE_VAL});
    }
  });
  Relation relation{std::nullopt, elements.empty()};
  if (!elements.empty()) relation.breach = breach_of_elements(p, std::move(elements));
  return relation;
}

}  // namespace

Law uniform_law() {
  return {"uniform",     "zero queries give the mean of integer values, for a power-of-two number of keys",
          "bit for bit", why_not,
          prepare,       nullptr,
          relate};
}

}  // namespace attest
