#include "faults/diagnosis/certify_fault.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "faults/signatures/prediction.hpp"
#include "faults/signatures/row/row_rounding.hpp"
#include "oracle/tiers/certificate.hpp"

namespace attest::faults {
namespace {

// What a kernel may return around a value: within `bound` it keeps the contract; beyond `reach` it has not
// the fault. Both are 0 where the value is exact, and between them nothing is said.
struct Around {
  oracle::Known value;
  double doubt = 0;  // of the value, its radius not counted
  double bound = 0, reach = 0;
  bool in_range = true;
};

RowStanding standing_of(double got, const Around& a) {
  if (!a.in_range || !(a.bound < HUGE_VAL)) return RowStanding::silent;
  if (!std::isfinite(a.value.hi)) {
    const bool same = std::isnan(a.value.hi) ? std::isnan(got) : got == a.value.hi;
    return same ? RowStanding::within : RowStanding::outside;
  }
  if (!std::isfinite(got)) return RowStanding::outside;
  const double error = std::fabs((got - a.value.hi) - a.value.lo);
  const double doubt = a.value.radius + a.doubt + 0x1p-52 * error;
  if (error + doubt <= a.bound) return RowStanding::within;
  return error - doubt > a.reach ? RowStanding::outside : RowStanding::undecided;
}

// Faults that round to a narrow format: a kernel's own roundings before that one decide which of two
// neighbours it takes. Both that kernel and the one that the signature is computed by keep the contract with
// these fields; empty: the fault is none of those.
std::string_view narrowing_fields(KernelFault fault) {
  switch (fault) {
    case KernelFault::score_rounded_f16:
      return "score.product=f16";
    case KernelFault::accumulate_f16:
      return "accumulate_numerator=f16;accumulate_denominator=f16";
    case KernelFault::accumulate_bf16:
      return "accumulate_numerator=bf16;accumulate_denominator=bf16";
    default:
      return "";
  }
}

oracle::ContractSet narrowed(oracle::ContractSet contract, std::string_view fields) {
  for (oracle::Contract& c : contract.alternatives) c = oracle::with_fields(std::move(c), fields);
  return contract;
}

struct AroundRow {
  bool silent = false;
  std::vector<Around> out;
  Around lse;
  bool lse_known = true;
};

class Bounding {
 public:
  Bounding(const Problem& problem, const oracle::ContractSet& contract, KernelFault fault)
      : p_(problem), contract_(contract), fault_(fault) {}

  // Around exact attention on the faulty row; around results that are no attention, the row's own bound.
  AroundRow around(const FaultyRow& faulty) const {
    const RowPrediction prediction = prediction_of(faulty);
    AroundRow made;
    made.lse_known = prediction.lse_known;
    made.lse.value = prediction.lse;
    for (const oracle::Known& value : prediction.out) made.out.push_back({value, 0, 0, 0, true});
    if (faulty.row.empty()) return made;
    if (faulty.row.finite) return within_bounds(std::move(made), faulty, faulty.row);
    const std::optional<FiniteValues> finite = with_finite_values(faulty.row);
    if (!finite) return made;
    AroundRow bounded = within_bounds(made, faulty, finite->row);
    for (std::size_t c = 0; c < made.out.size(); ++c) {
      if (finite->lost[c]) bounded.out[c] = made.out[c];
    }
    return bounded;
  }

 private:
  // `row` is the faulty row, or what is finite of it.
  AroundRow within_bounds(AroundRow made, const FaultyRow& faulty, const oracle::Row& row) const {
    const oracle::Certificate certificate = oracle::certify(p_, contract_, row);
    made.silent = !certificate.bound.scores_in_range;
    if (!faulty.lse) made.lse.value = certificate.facts.lse;
    made.lse.bound = made.lse.reach = certificate.bound.lse;
    made.lse.in_range = row.keys == 0 || certificate.bound.lse_in_range;
    if (row.keys == 0) return made;  // 0 exactly, and the sink
    const RowDoubt doubt = doubt_of(row, faulty.rounding);
    made.lse.doubt = doubt.lse;
    for (std::size_t c = 0; c < made.out.size(); ++c) {
      Around& a = made.out[c];
      if (faulty.out.empty()) a.value = certificate.facts.out[c];
      a.doubt = doubt.out[c];
      a.bound = a.reach = certificate.bound.out[c];
      a.in_range = certificate.bound.in_range[c];
    }
    if (const auto fields = narrowing_fields(fault_); !fields.empty()) widen(made, row, fields);
    return made;
  }

  void widen(AroundRow& made, const oracle::Row& row, std::string_view fields) const {
    const oracle::RowBound wide = oracle::certify(p_, narrowed(contract_, fields), row).bound;
    const auto reach = [&](double bound, bool in_range) {
      return wide.scores_in_range && in_range ? 2 * bound : HUGE_VAL;
    };
    for (std::size_t c = 0; c < made.out.size(); ++c) {
      made.out[c].reach = std::max(made.out[c].bound, reach(wide.out[c], wide.in_range[c]));
    }
    made.lse.reach = std::max(made.lse.bound, reach(wide.lse, wide.lse_in_range));
  }

  const Problem& p_;
  const oracle::ContractSet& contract_;
  KernelFault fault_;
};

}  // namespace

RowStanding standing_under(const Evidence& e, const oracle::ContractSet& contract,
                           const std::optional<Problem>& changed, const Hypothesis& hypothesis,
                           const SampledRow& at, SeenRows& rows) {
  const Problem& p = e.problem;
  std::optional<FaultyRow> faulty = row_under(rows, changed, hypothesis, at.b, at.h, at.i);
  if (!faulty) faulty = FaultyRow{rows.row(at.b, at.h, at.i).row, {}, {}};
  if (!faulty->certain) return RowStanding::silent;
  const AroundRow around = Bounding(p, contract, hypothesis.fault).around(*faulty);
  if (around.silent) return RowStanding::silent;
  RowStanding worst = RowStanding::silent;
  for (std::size_t c = 0; c < around.out.size(); ++c) {
    const double got = e.result.out.at({at.b, at.h, at.i, static_cast<std::int64_t>(c)});
    worst = std::max(worst, standing_of(got, around.out[c]));
  }
  if (!e.result.lse || !around.lse_known) return worst;
  return std::max(worst, standing_of(e.result.lse->at({at.b, at.h, at.i}), around.lse));
}

}  // namespace attest::faults
