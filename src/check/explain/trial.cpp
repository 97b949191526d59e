#include "check/explain/trial.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "laws/relations/compare.hpp"
#include "oracle/contract/questions.hpp"
#include "oracle/tiers/certificate.hpp"

namespace attest::check {
namespace {

constexpr double kInformativeLse = 1.0 / 16;  // as in oracle/judge
constexpr int kSameCalls = 16;

bool lies_in(const Problem& p, const Place& at) {
  return at.b < p.batch() && at.h < p.q_heads() && at.i < p.q_len() && at.channel < p.v_dim();
}

// What underflow may lose of an output: a few smallest normal numbers of its type, and of the sums' for each
// key. Where values are as small, a bound that lets them be lost says nothing of them, and still is a small
// one.
double largest_loss(const Problem& p, const oracle::Row& row) {
  const Format& out = format_of(p.q.dtype());
  const Format& sums = p.q.dtype() == DType::f64 ? out : format_of(DType::f32);
  return 16 * out.min_normal() + 4 * static_cast<double>(row.keys) * sums.min_normal();
}

Explained explained_at(const Problem& problem, const oracle::ContractSet& contract,
                       const oracle::Element& e) {
  if (!lies_in(problem, e)) return Explained::wrong;    // an element of another call
  if (std::isnan(e.expected)) return Explained::wrong;  // no rounding loses NaN
  const oracle::Row row = oracle::gather_row(problem, e.b, e.h, e.i);
  if (row.keys == 0 && !row.sink) return Explained::wrong;  // no rounding explains a row that sees nothing
  if (!row.finite) return Explained::in_doubt;
  const oracle::Certificate certificate = oracle::certify(problem, contract, row);
  if (e.in(Output::lse)) {
    if (!certificate.bound.lse_in_range) return Explained::in_doubt;
    return certificate.lse_bound() < kInformativeLse ? Explained::right : Explained::undecided;
  }
  const auto channel = static_cast<std::size_t>(e.channel);
  const oracle::ChannelStandard standard = certificate.out(channel);
  if (!standard.in_range) return Explained::in_doubt;
  const double limit =
      std::max(largest_loss(problem, row), oracle::informative_limit(certificate.ranges[channel]));
  return standard.smallest_bound() < limit ? Explained::right : Explained::undecided;
}

// A law that compares numbers says nothing where a correct kernel may overflow.
bool only_in_doubt(const Problem& problem, const oracle::ContractSet& contract, const laws::Breach& breach) {
  return !breach.elements.empty() &&
         std::all_of(breach.elements.begin(), breach.elements.end(), [&](const oracle::Element& e) {
           return explained_at(problem, contract, e) == Explained::in_doubt;
         });
}

}  // namespace

Explained explained_of(const Problem& problem, const oracle::ContractSet& contract,
                       const std::vector<oracle::Element>& elements) {
  Explained least = Explained::right;
  for (const oracle::Element& e : elements) least = std::min(least, explained_at(problem, contract, e));
  return least;
}

// That calls may differ explains nothing where none was seen to: laws that compare bits would hold, and the
// kernel would be said to do what it does not.
void Trial::relax(const Relaxations& under) {
  Relaxations seen;
  std::copy_if(under.begin(), under.end(), std::back_inserter(seen),
               [&](const Relaxation* r) { return calls_differ_ || !lets_calls_differ(*r); });
  checker_.relax([seen](DType q, DType kv) { return fields_of(seen, q, kv); });
}

oracle::Alarm Trial::noise(const std::vector<Witness>& witnesses, const Relaxations& under) {
  relax(under);
  oracle::Alarm alarm;
  for (const Witness& witness : witnesses) {
    const CheckedProblem checked = checker_.check(witness.problem, {}, witness.placement, true);
    alarm.add(checked.noise, describe(witness.problem));
  }
  return alarm;
}

Explained Trial::ask(const Witness& witness, const Relaxations& under) {
  relax(under);
  const CheckedProblem checked = checker_.check(witness.problem, witness.laws, witness.placement);
  const oracle::ContractSet& contract = checker_.contract(witness.problem);
  if (calls_differ_ && oracle::repeats_bits(contract)) return Explained::wrong;
  Explained least = Explained::right;
  for (const CheckedLaw& law : checked.laws) {
    if (law.outcome.standing != laws::LawStanding::broken) continue;
    if (!only_in_doubt(witness.problem, contract, *law.outcome.breach)) return Explained::wrong;
    least = Explained::in_doubt;
  }
  if (witness.wrong.empty()) return least;
  return std::min(least, explained_of(witness.problem, contract, witness.wrong));
}

Explained Trial::ask(const std::vector<Witness>& witnesses, const Relaxations& under) {
  Explained least = Explained::right;
  for (const Witness& witness : witnesses) {
    least = std::min(least, ask(witness, under));
    if (least == Explained::wrong) break;
  }
  return least;
}

bool calls_differ(kernel::Kernel& kernel, const Problem& problem, const kernel::RunOptions& options) {
  std::optional<Result> first;
  for (int call = 0; call < kSameCalls; ++call) {
    kernel::RunOutcome outcome = kernel.run(problem, options);
    if (outcome.status != kernel::RunStatus::ok) return false;
    if (first && laws::compare_bits(*first, outcome.result, laws::NaNs::bits).differing > 0) return true;
    first = std::move(outcome.result);
  }
  return false;
}

std::string fields_that_explain(Trial& trial, const std::vector<Witness>& witnesses) {
  const DType q = witnesses.front().problem.q.dtype();
  const DType kv = witnesses.front().problem.k.dtype();
  const auto under = [&](const Relaxations& relaxations) { return trial.ask(witnesses, relaxations); };
  const std::optional<Relaxations> found = least_explanation(q, kv, {}, under);
  return found ? fields_of(*found, q, kv) : "";
}

}  // namespace attest::check
