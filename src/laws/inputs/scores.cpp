#include "laws/inputs/scores.hpp"

#include <cmath>
#include <cstdlib>

#include "oracle/definition/visible.hpp"

namespace attest {

double score_of(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) {
  double dot = 0;
  for (std::int64_t c = 0; c < p.qk_dim(); ++c)
    dot += p.q.at({b, h, i, c}) * p.k.at({b, kv_head_of(p, h), j, c});
  double s = p.scale * dot;
  if (p.softcap != 0) s = p.softcap * std::tanh(s / p.softcap);
  if (p.bias) s += p.bias->at({b, h, i, j});
  const auto distance = static_cast<double>(std::llabs(position_of(p, b, i) - j));
  if (p.alibi_slopes) s -= p.alibi_slopes->at({h}) * distance;
  return s;
}

bool score_is_zero(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) {
  bool q_zero = true;
  bool k_zero = true;
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
    const double q = p.q.at({b, h, i, c});
    const double k = p.k.at({b, kv_head_of(p, h), j, c});
    if (!std::isfinite(q) || !std::isfinite(k)) return false;
    q_zero = q_zero && q == 0;
    k_zero = k_zero && k == 0;
  }
  if (!(q_zero || k_zero) || p.softcap != 0) return false;
  if (p.bias && p.bias->at({b, h, i, j}) != 0) return false;
  return !p.alibi_slopes || p.alibi_slopes->at({h}) == 0 || position_of(p, b, i) == j;
}

std::vector<KeyScore> visible_scores(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i) {
  std::vector<KeyScore> scores;
  for (const std::int64_t j : visible_keys(p, b, h, i)) scores.push_back({j, score_of(p, b, h, i, j)});
  return scores;
}

}  // namespace attest
