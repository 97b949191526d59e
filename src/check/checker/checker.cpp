#include "check/checker/checker.hpp"

#include <algorithm>

#include "check/checker/relaxed_contract.hpp"
#include "check/record/problem_size.hpp"
#include "check/region/region.hpp"

namespace attest::check {
namespace {

// A crash explains whatever else is seen, then memory of earlier calls (a result that changes has no right
// value), then values that every kernel owes, then the lse.
int rank(laws::FindingKind kind) {
  switch (kind) {
    case laws::FindingKind::memory:
    case laws::FindingKind::input_mutated:
      return 0;
    case laws::FindingKind::crash:
    case laws::FindingKind::timeout:
    case laws::FindingKind::failed:
      return 1;
    case laws::FindingKind::nondeterministic:
    case laws::FindingKind::uninitialised:
      return 2;
    case laws::FindingKind::nan:
      return 3;
    case laws::FindingKind::wrong_value:
      return 4;
    case laws::FindingKind::lse:
      return 5;
    case laws::FindingKind::environment:
      return 6;
    case laws::FindingKind::declined:
      return 7;
  }
  return 8;
}

// Rows of a problem whose rounding noise is measured: a few of each of many problems tell more than all of
// few.
constexpr oracle::RowSample kNoiseRows{16, 1};

// Of a problem that is called thousands of times: a call costs as little as one can.
constexpr double kSmallProducts = 1 << 14;

bool all_zero(const Tensor& t) {
  const std::vector<double> values = t.values();
  return std::all_of(values.begin(), values.end(), [](double x) { return x == 0; });
}

}  // namespace

const CheckedLaw* CheckedProblem::worst() const {
  const CheckedLaw* worst = nullptr;
  for (const CheckedLaw& checked : laws) {
    if (checked.outcome.standing != laws::LawStanding::broken) continue;
    if (checked.law == blamed) return &checked;
    if (worst == nullptr || rank(checked.outcome.breach->kind) < rank(worst->outcome.breach->kind))
      worst = &checked;
  }
  return worst;
}

Checker::Checker(kernel::Kernel& kernel, std::string declared, std::chrono::milliseconds time_limit,
                 unsigned jobs, std::int64_t identical_calls)
    : kernel_(kernel),
      declared_(std::move(declared)),
      time_limit_(time_limit),
      jobs_(jobs),
      identical_calls_(kernel.prefers_batches() ? 0 : identical_calls) {
  oracle::contract_for(declared_, DType::f32, DType::f32);
}

const oracle::ContractSet& Checker::contract(const Problem& problem) {
  const std::pair dtypes{problem.q.dtype(), problem.k.dtype()};
  const auto found = contracts_.find(dtypes);
  if (found != contracts_.end()) return found->second.contract;
  Judged judged;
  judged.base = oracle::contract_for(declared_, dtypes.first, dtypes.second);
  judged.contract = relaxed_for(dtypes, judged.base);
  return contracts_.emplace(dtypes, std::move(judged)).first->second.contract;
}

oracle::ContractSet Checker::relaxed_for(const std::pair<DType, DType>& dtypes,
                                         const oracle::ContractSet& base) const {
  return fields_ ? relaxed(base, fields_(dtypes.first, dtypes.second)) : base;
}

void Checker::relax(FieldsFor fields) {
  fields_ = std::move(fields);
  for (auto& [dtypes, judged] : contracts_) judged.contract = relaxed_for(dtypes, judged.base);
}

std::int64_t Checker::more_calls(const laws::Law& law, const Problem& problem) const {
  return law.endure != nullptr && products_of(problem) <= kSmallProducts ? identical_calls_ : 0;
}

bool Checker::asks(const Problem& problem, const Problem& call) const {
  if (region_ == nullptr) return true;
  const Outline outline = outline_of(call);
  return region_->admits(outline) || outline == outline_of(problem);
}

void Checker::stay_inside(laws::Subject& subject) const {
  if (region_ == nullptr) return;
  subject.ask_only([this, &subject](const Problem& call) { return asks(subject.problem(), call); });
}

CheckedProblem Checker::check(const Problem& problem, const std::vector<const laws::Law*>& laws,
                              kernel::Placement placement, bool generic) {
  kernel::RunOptions options;
  options.time_limit = time_limit_;
  options.placement = placement;
  laws::Subject subject(kernel_, problem, contract(problem), options, jobs_);
  stay_inside(subject);
  CheckedProblem checked;
  checked.declined = subject.base().status == kernel::RunStatus::unsupported;
  if (checked.declined) return checked;
  note_answer(problem, subject.base(), placement);
  for (const laws::Law* law : laws) {
    const std::int64_t more = more_calls(*law, problem);
    checked.laws.push_back({law, laws::evaluate(*law, subject, more)});
    if (more > 0 && checked.laws.back().outcome.standing != laws::LawStanding::not_applicable)
      identical_calls_ = 0;
  }
  if (subject.base().status == kernel::RunStatus::ok) {
    checked.out = subject.judgement().out;
    checked.lse = subject.judgement().lse;
    checked.rows_by_tier = subject.judgement().rows_by_tier;
    checked.all_zero = all_zero(subject.base().result.out);
    checked.contract = contracts_.at({problem.q.dtype(), problem.k.dtype()}).base.text;
    checked.lengths = subject.judgement().lengths;
    checked.dtype = problem.q.dtype();
    checked.by_length = subject.judgement().by_length;
    if (generic)
      checked.noise = oracle::measure_noise(problem, subject.base().result, contract(problem), kNoiseRows);
  }
  return checked;
}

std::optional<Result> Checker::answer(const Problem& problem, kernel::Placement placement) {
  kernel::RunOptions options;
  options.time_limit = time_limit_;
  options.placement = placement;
  kernel::RunOutcome outcome = kernel_.run(problem, options);
  if (outcome.status != kernel::RunStatus::ok) return std::nullopt;
  return std::move(outcome.result);
}

laws::LawOutcome Checker::check(const Problem& problem, const laws::Law& law, kernel::Placement placement,
                                std::optional<std::chrono::milliseconds> time_limit) {
  kernel::RunOptions options;
  options.time_limit = time_limit.value_or(time_limit_);
  options.placement = placement;
  if (law.fresh) kernel_.forget();
  laws::Subject subject(kernel_, problem, contract(problem), options, jobs_);
  stay_inside(subject);
  return laws::evaluate(law, subject);
}

}  // namespace attest::check
