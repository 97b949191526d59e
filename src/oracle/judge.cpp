#include "oracle/judge.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/environment.hpp"
#include "oracle/bound.hpp"
#include "oracle/facts.hpp"
#include "oracle/row.hpp"

namespace attest {
namespace {

constexpr double kUseless = HUGE_VAL;

// The certificate of one row: the reference and the largest bound of the alternatives.
struct Certificate {
  RowFacts facts;
  RowBound bound;
};

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

Certificate certify(const Problem& p, const ContractSet& contract, const Row& row) {
  const auto bounded = [&](RowFacts facts) {
    RowBound bound = loosest_bound(contract, row, facts, p.q.dtype(), p.lse_dtype());
    return Certificate{std::move(facts), std::move(bound)};
  };
  Certificate certificate = bounded(reference_f64(row));
  for (unsigned bits = 128; bits <= 2048; bits *= 2) {
    if (!certificate.bound.scores_in_range || sharp_enough(certificate.facts, certificate.bound)) break;
    certificate = bounded(reference_interval(row, bits));
  }
  return certificate;
}

// How far `got` is from the known value, or infinity when it is not a finite number.
double distance(double got, const Known& known) {
  if (!std::isfinite(got)) return HUGE_VAL;
  return std::fabs((got - known.hi) - known.lo);
}

Standing standing_of(Element& e, const Known& known, double bound, bool in_range, bool informative) {
  e.expected = known.hi + known.lo;
  e.bound = bound + known.radius;
  if (!in_range) return Standing::out_of_range;
  if (!(e.bound < kUseless)) return Standing::uninformative;
  const double away = distance(e.got, known);
  e.ratio = away == 0 ? 0 : away / e.bound;
  // The subtraction above rounds; give the kernel the benefit.
  if (e.ratio > 1 + 0x1p-50) return Standing::violated;
  return informative ? Standing::within : Standing::uninformative;
}

// A bound that nearly everything satisfies proves nothing: it must be small beside the spread of the visible
// values, or beside their size where they hardly differ.
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

void count(Tally& tally, const Element& e) {
  switch (e.standing) {
    case Standing::within:
      ++tally.within;
      break;
    case Standing::violated:
      ++tally.violated;
      break;
    case Standing::out_of_range:
      ++tally.out_of_range;
      return;
    case Standing::uninformative:
      ++tally.uninformative;
      return;
  }
  tally.ratios.add(e.ratio);
}

class Judging {
 public:
  Judging(const Problem& problem, const Result& result, const ContractSet& contract,
          std::size_t max_violations)
      : p_(problem), result_(result), contract_(contract), max_violations_(max_violations) {}

  Judgement run() {
    require_default_environment();
    for (std::int64_t b = 0; b < p_.batch(); ++b) {
      for (std::int64_t h = 0; h < p_.q_heads(); ++h) {
        for (std::int64_t i = 0; i < p_.q_len(); ++i) judge_row(b, h, i);
      }
    }
    return judgement_;
  }

 private:
  void judge_row(std::int64_t b, std::int64_t h, std::int64_t i) {
    const Row row = gather_row(p_, b, h, i);
    if (row.keys == 0) return judge_empty(b, h, i, row);
    if (!row.finite) return mark_row(b, h, i, Standing::out_of_range);
    const Certificate certificate = certify(p_, contract_, row);
    ++judgement_.rows_by_tier[static_cast<std::size_t>(certificate.facts.tier)];
    const std::vector<double> limits = informative_limits(row);
    for (std::int64_t c = 0; c < row.v_dim; ++c) {
      const auto at = static_cast<std::size_t>(c);
      const bool in_range = certificate.bound.scores_in_range && certificate.bound.in_range[at];
      Element e{b, h, i, c, {}, result_.out.at({b, h, i, c})};
      e.standing = standing_of(e, certificate.facts.out[at], certificate.bound.out[at], in_range,
                               certificate.bound.out[at] < limits[at]);
      record(judgement_.out, e);
    }
    if (!result_.lse) return;
    Element e{b, h, i, -1, {}, result_.lse->at({b, h, i})};
    // A leaked or lost key among n equals 1/n of the sum: 1/16 is what a row of a few keys can show.
    e.standing = standing_of(e, certificate.facts.lse, certificate.bound.lse, certificate.bound.lse_in_range,
                             certificate.bound.lse < 1.0 / 16);
    record(judgement_.lse, e);
  }

  // No visible key: the output is exactly 0, lse is exactly -inf; with a sink lse is the sink, to one
  // rounding of each step of an lse of one term.
  void judge_empty(std::int64_t b, std::int64_t h, std::int64_t i, const Row& row) {
    ++judgement_.rows_by_tier[static_cast<std::size_t>(Tier::exact)];
    for (std::int64_t c = 0; c < row.v_dim; ++c) {
      const double got = result_.out.at({b, h, i, c});
      Element e{b, h, i, c, got == 0 ? Standing::within : Standing::violated, got};
      e.ratio = got == 0 ? 0 : HUGE_VAL;
      record(judgement_.out, e);
    }
    if (!result_.lse) return;
    Element e{b, h, i, -1, {}, result_.lse->at({b, h, i})};
    if (row.sink) {
      const Certificate certificate = certify(p_, contract_, row);
      e.standing =
          standing_of(e, certificate.facts.lse, certificate.bound.lse, certificate.bound.lse_in_range, true);
    } else {
      e.expected = -HUGE_VAL;
      e.standing = e.got == -HUGE_VAL ? Standing::within : Standing::violated;
      e.ratio = e.got == -HUGE_VAL ? 0 : HUGE_VAL;
    }
    record(judgement_.lse, e);
  }

  void mark_row(std::int64_t b, std::int64_t h, std::int64_t i, Standing standing) {
    for (std::int64_t c = 0; c < p_.v_dim(); ++c) {
      record(judgement_.out, {b, h, i, c, standing, result_.out.at({b, h, i, c})});
    }
    if (result_.lse) record(judgement_.lse, {b, h, i, -1, standing, result_.lse->at({b, h, i})});
  }

  void record(Tally& tally, const Element& e) {
    count(tally, e);
    if (e.standing == Standing::violated && judgement_.violations.size() < max_violations_) {
      judgement_.violations.push_back(e);
    }
    const bool counts = e.standing == Standing::within || e.standing == Standing::violated;
    if (counts && e.ratio >= judgement_.worst.ratio) judgement_.worst = e;
  }

  const Problem& p_;
  const Result& result_;
  const ContractSet& contract_;
  std::size_t max_violations_;
  Judgement judgement_;
};

}  // namespace

Judgement judge(const Problem& problem, const Result& result, const ContractSet& contract,
                std::size_t max_violations) {
  return Judging(problem, result, contract, max_violations).run();
}

}  // namespace attest
