#include "oracle/tiers/certificate.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/contract/questions.hpp"
#include "oracle/tiers/references.hpp"

namespace attest::oracle {
namespace {

RowBound loosest_bound(const ContractSet& contract, const Row& row, const RowFacts& facts, DType out,
                       DType lse) {
  RowBound loosest;
  loosest.out.resize(static_cast<std::size_t>(row.v_dim), 0);
  loosest.in_range.resize(loosest.out.size(), true);
  loosest.hull.resize(loosest.out.size(), 0);
  loosest.lse_hull = 0;
  for (const Contract& alternative : contract.alternatives) {
    const RowBound bound = bound_of(alternative, row, facts, out, lse);
    for (std::size_t c = 0; c < bound.out.size(); ++c) {
      loosest.out[c] = std::max(loosest.out[c], bound.out[c]);
      loosest.in_range[c] = loosest.in_range[c] && bound.in_range[c];
      loosest.hull[c] = std::max(loosest.hull[c], bound.hull[c]);
    }
    loosest.lse = std::max(loosest.lse, bound.lse);
    loosest.lse_hull = std::max(loosest.lse_hull, bound.lse_hull);
    loosest.lse_in_range = loosest.lse_in_range && bound.lse_in_range;
    loosest.scores_in_range = loosest.scores_in_range && bound.scores_in_range;
  }
  return loosest;
}

// The reference must be at least this much sharper than the bound it is compared within.
bool sharp_enough(const Certificate& certificate) {
  constexpr double kShare = 1.0 / 64;
  const RowFacts& facts = certificate.facts;
  for (std::size_t c = 0; c < facts.out.size(); ++c) {
    if (!(facts.out[c].radius <= certificate.out(c).smallest_bound() * kShare)) return false;
  }
  return facts.lse.radius <= certificate.lse_bound() * kShare;
}

}  // namespace

double ChannelStandard::smallest_bound() const {
  const double side = std::max(values.reach(exact, -HUGE_VAL), values.reach(exact, HUGE_VAL));
  return std::min(bound, side + hull);
}

double ChannelStandard::reach(double got) const {
  return std::min(bound + exact.radius, values.reach(exact, got) + hull);
}

ChannelStandard Certificate::out(std::size_t channel) const {
  const bool in_range = bound.scores_in_range && (bound.in_range[channel] || bound.hull[channel] < HUGE_VAL);
  return {.exact = facts.out[channel],
          .bound = bound.out[channel],
          .hull = bound.hull[channel],
          .values = ranges[channel],
          .in_range = in_range};
}

Certificate certify(const Problem& p, const ContractSet& contract, const Row& row) {
  const std::vector<ValueRange> ranges = value_ranges(row);
  const auto bounded = [&](RowFacts facts) {
    narrow_to_hull(ranges, facts);
    RowBound bound = loosest_bound(contract, row, facts, p.q.dtype(), p.lse_dtype());
    return Certificate{std::move(facts), std::move(bound), ranges};
  };
  const auto settled = [](const Certificate& c) { return !c.bound.scores_in_range || sharp_enough(c); };
  std::optional<Certificate> certificate;
  if (!all_f64(contract)) {
    certificate = bounded(reference_f64(row));
    if (settled(*certificate)) return *std::move(certificate);
  }
  for (const auto& reference : {reference_double_double, reference_by_keys}) {
    std::optional<RowFacts> facts = reference(row);
    if (!facts) continue;
    certificate = bounded(*std::move(facts));
    if (settled(*certificate)) return *std::move(certificate);
  }
  for (unsigned bits = 128; bits <= 2048; bits *= 2) {
    certificate = bounded(reference_interval(row, bits));
    if (settled(*certificate)) break;
  }
  return *std::move(certificate);
}

double informative_limit(const ValueRange& values) {
  return std::max(values.high / 4 - values.low / 4, values.largest() / 16);
}

std::vector<double> informative_limits(const Row& row) {
  std::vector<double> limits;
  for (const ValueRange& values : value_ranges(row)) limits.push_back(informative_limit(values));
  return limits;
}

}  // namespace attest::oracle
