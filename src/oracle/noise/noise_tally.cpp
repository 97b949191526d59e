#include "oracle/noise/noise_tally.hpp"

#include <cmath>

#include "oracle/noise/noise.hpp"
#include "oracle/tiers/certificate.hpp"

namespace attest::oracle {
namespace {

constexpr double kSharp = 0.1;  // of a sigma

class Measuring {
 public:
  Measuring(const Problem& problem, const Result& result, const ContractSet& contract)
      : p_(problem), result_(result), contract_(contract) {}

  void row(std::int64_t b, std::int64_t h, std::int64_t i) {
    const Row row = gather_row(p_, b, h, i);
    if (row.keys == 0 || !row.finite) return;
    const Certificate certificate = certify(p_, contract_, row);
    const RowBound& bound = certificate.bound;
    if (!bound.scores_in_range) return;
    const RowNoise noise = noise_of(contract_, row, p_.q.dtype(), p_.lse_dtype());
    const std::vector<double> limits = informative_limits(row);
    for (std::size_t c = 0; c < noise.out.size(); ++c) {
      const auto channel = static_cast<std::int64_t>(c);
      if (!bound.in_range[c] || !(bound.out[c] < limits[c])) continue;
      element({b, h, i, channel, result_.out.at({b, h, i, channel})}, certificate.facts.out[c], bound.out[c],
              noise.out[c]);
    }
    if (!result_.lse || !bound.lse_in_range || !(bound.lse < 1.0 / 16)) return;
    element({b, h, i, -1, result_.lse->at({b, h, i})}, certificate.facts.lse, bound.lse, noise.lse);
  }

  const NoiseTally& tally() const { return tally_; }

 private:
  void element(Deviation d, const Known& known, double bound, const Noise& noise) {
    const double error = (d.got - known.hi) - known.lo;
    if (!(std::fabs(error) <= bound + known.radius)) return;
    if (!(known.radius <= kSharp * std::sqrt(noise.variance))) return;
    d.expected = known.hi + known.lo;
    d.sigmas = noise.sigmas(error);
    ++tally_.outputs;
    tally_.squares += d.sigmas * d.sigmas;
    if (!tally_.largest || d.sigmas > tally_.largest->sigmas) tally_.largest = d;
    const double leaning = noise.offset + noise.lean;
    const double unit = std::sqrt(noise.variance + leaning * leaning);
    if (!(unit > 0)) return;
    const double with_sign = error / unit;
    if (d.channel < 0) {
      tally_.lse.add(with_sign, leaning / unit);
    } else {
      // Negated values negate the output, so one-sided functions do not move it up or down.
      tally_.out.add(with_sign, noise.offset / unit);
      tally_.outward.add(d.expected < 0 ? -with_sign : with_sign, leaning / unit);
    }
  }

  const Problem& p_;
  const Result& result_;
  const ContractSet& contract_;
  NoiseTally tally_;
};

}  // namespace

NoiseTally measure_noise(const Problem& problem, const Result& result, const ContractSet& contract,
                         const RowSample& sample) {
  Measuring measuring(problem, result, contract);
  for (const HeadRows& head : select_rows(problem, sample).heads) {
    for (const std::int64_t i : head.rows) measuring.row(head.b, head.h, i);
  }
  return measuring.tally();
}

}  // namespace attest::oracle
