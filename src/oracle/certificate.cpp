#include "oracle/certificate.hpp"

#include <algorithm>
#include <cmath>

namespace attest {
namespace {

RowBound loosest_bound(const ContractSet& contract, const Row& row, const RowFacts& facts, DType out,
                       DType lse) {
  RowBound loosest;
  loosest.out.resize(static_cast<std::size_t>(row.v_dim), 0);
  loosest.in_range.resize(loosest.out.size(), true);
  for (const Contract& alternative : contract.alternatives) {
    const RowBound bound = bound_of(alternative, row, facts, out, lse);
    for (std::size_t c = 0; c < bound.out.size(); ++c) {
      loosest.out[c] = std::max(loosest.out[c], bound.out[c]);
      loosest.in_range[c] = loosest.in_range[c] && bound.in_range[c];
    }
    loosest.lse = std::max(loosest.lse, bound.lse);
    loosest.lse_in_range = loosest.lse_in_range && bound.lse_in_range;
    loosest.scores_in_range = loosest.scores_in_range && bound.scores_in_range;
  }
  return loosest;
}

// The reference must be at least this much sharper than the bound it is compared within.
bool sharp_enough(const RowFacts& facts, const RowBound& bound) {
  constexpr double kShare = 1.0 / 64;
  for (std::size_t c = 0; c < facts.out.size(); ++c) {
    if (!(facts.out[c].radius <= bound.out[c] * kShare)) return false;
  }
  return facts.lse.radius <= bound.lse * kShare;
}

}  // namespace

Certificate certify(const Problem& p, const ContractSet& contract, const Row& row) {
  const auto bounded = [&](RowFacts facts) {
    RowBound bound = loosest_bound(contract, row, facts, p.q.dtype(), p.lse_dtype());
    return Certificate{std::move(facts), std::move(bound)};
  };
  const auto settled = [](const Certificate& c) {
    return !c.bound.scores_in_range || sharp_enough(c.facts, c.bound);
  };
  std::optional<Certificate> certificate;
  if (!all_f64(contract)) {
    certificate = bounded(reference_f64(row));
    if (settled(*certificate)) return *std::move(certificate);
  }
  if (std::optional<RowFacts> facts = reference_double_double(row)) {
    certificate = bounded(*std::move(facts));
    if (settled(*certificate)) return *std::move(certificate);
  }
  for (unsigned bits = 128; bits <= 2048; bits *= 2) {
    certificate = bounded(reference_interval(row, bits));
    if (settled(*certificate)) break;
  }
  return *std::move(certificate);
}

std::vector<double> informative_limits(const Row& row) {
  std::vector<double> limits;
  for (std::int64_t c = 0; c < row.v_dim; ++c) {
    double low = row.sink ? 0 : HUGE_VAL;
    double high = row.sink ? 0 : -HUGE_VAL;
    for (std::int64_t j = 0; j < row.keys; ++j) {
      const double v = row.v[static_cast<std::size_t>(j * row.v_dim + c)];
      low = std::min(low, v);
      high = std::max(high, v);
    }
    const double size = std::max(std::fabs(low), std::fabs(high));
    limits.push_back(row.keys == 0 ? 0 : std::max((high / 4 - low / 4), size / 16));
  }
  return limits;
}

}  // namespace attest
