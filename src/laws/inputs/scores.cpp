#include "laws/inputs/scores.hpp"

#include <cmath>
#include <cstdlib>

#include "oracle/contract/exactness.hpp"
#include "oracle/definition/head_terms.hpp"
#include "oracle/definition/visible.hpp"
#include "problem/key_value.hpp"

namespace attest::laws {

double score_of(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) {
  double dot = 0;
  for (std::int64_t c = 0; c < p.qk_dim(); ++c)
    dot += p.q.at({b, h, i, c}) * KeyValue(p).key(b, oracle::kv_head_of(p, h), j, c);
  const oracle::HeadTerms terms = oracle::head_terms(p, h);
  double s = terms.scale * dot;
  if (terms.softcap != 0) s = terms.softcap * std::tanh(s / terms.softcap);
  if (p.bias) s += p.bias->at({b, h, i, j});
  return s - terms.slope * static_cast<double>(std::llabs(oracle::position_of(p, b, i) - j));
}

bool score_is_zero(const Problem& p, const oracle::ContractSet& contract, std::int64_t b, std::int64_t h,
                   std::int64_t i, std::int64_t j) {
  bool q_zero = true;
  bool k_zero = true;
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
    const double q = p.q.at({b, h, i, c});
    const double k = KeyValue(p).key(b, oracle::kv_head_of(p, h), j, c);
    // 0 times what a conversion makes infinite is not 0.
    if (!std::isfinite(q) || !std::isfinite(k) || !oracle::operands_stay_finite(contract, q, k)) return false;
    q_zero = q_zero && q == 0;
    k_zero = k_zero && k == 0;
  }
  if (!(q_zero || k_zero) || p.softcap != 0) return false;
  if (p.bias && p.bias->at({b, h, i, j}) != 0) return false;
  return oracle::head_terms(p, h).slope == 0 || oracle::position_of(p, b, i) == j;
}

std::vector<KeyScore> visible_scores(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i) {
  std::vector<KeyScore> scores;
  for (const std::int64_t j : oracle::visible_keys(p, b, h, i))
    scores.push_back({j, score_of(p, b, h, i, j)});
  return scores;
}

}  // namespace attest::laws
