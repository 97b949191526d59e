#include "laws/inputs/scores.hpp"

#include <cmath>
#include <cstdlib>

#include "oracle/contract/exactness.hpp"
#include "oracle/definition/head_terms.hpp"
#include "oracle/definition/visible.hpp"
#include "problem/key_value.hpp"

namespace attest::laws {

namespace {

// Scores of one row, whose query is decoded once.
class RowScores {
 public:
  RowScores(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i)
      : p_(p),
        b_(b),
        h_(h),
        i_(i),
        terms_(oracle::head_terms(p, h)),
        q_(static_cast<std::size_t>(p.qk_dim())),
        k_(q_.size()) {
    load_row(p.q, b, h, i, q_.data());
  }

  double of(std::int64_t j) {
    KeyValue(p_).load_key(b_, oracle::kv_head_of(p_, h_), j, k_.data());
    double dot = 0;
    for (std::size_t c = 0; c < q_.size(); ++c) dot += q_[c] * k_[c];
    double s = terms_.scale * dot;
    if (terms_.softcap != 0) s = terms_.softcap * std::tanh(s / terms_.softcap);
    if (p_.bias) s += p_.bias->at({b_, h_, i_, j});
    return s - terms_.slope * static_cast<double>(std::llabs(oracle::position_of(p_, b_, i_) - j));
  }

 private:
  const Problem& p_;
  std::int64_t b_, h_, i_;
  oracle::HeadTerms terms_;
  std::vector<double> q_, k_;
};

}  // namespace

double score_of(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) {
  return RowScores(p, b, h, i).of(j);
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
  RowScores row(p, b, h, i);
  std::vector<KeyScore> scores;
  for (const std::int64_t j : oracle::visible_keys(p, b, h, i)) scores.push_back({j, row.of(j)});
  return scores;
}

}  // namespace attest::laws
