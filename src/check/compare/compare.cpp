#include "check/compare/compare.hpp"

#include <utility>

#include <fmt/format.h>

#include "check/campaign/stepped.hpp"
#include "check/checker/relaxed_contract.hpp"
#include "check/compare/paired_kernel.hpp"
#include "oracle/contract/questions.hpp"
#include "problem/kv_storage/shared_storage.hpp"

namespace attest::check {
namespace {

CampaignOptions options_of(const ComparedKernel& kernel, const CampaignOptions& options) {
  CampaignOptions mine = options;
  mine.contract = kernel.contract;
  mine.kernel_spec = kernel.spec;
  mine.region.reset();
  return mine;
}

// A number that the contract does not bound is not right: no statement is made.
OtherAnswer::Kind kind_at(const Problem& problem, const Result& result, const oracle::ContractSet& contract,
                          const Place& place) {
  const auto most = static_cast<std::size_t>(result.out.count() + (result.lse ? result.lse->count() : 0));
  const oracle::Judgement judgement = oracle::judge(problem, result, contract, {.max_violations = most});
  for (const oracle::Element& violation : judgement.violations) {
    if (static_cast<const Place&>(violation) == place) return OtherAnswer::Kind::wrong;
  }
  const oracle::Tally& tally = judgement.tally(place.output);
  return tally.uninformative + tally.out_of_range > 0 ? OtherAnswer::Kind::no_result
                                                      : OtherAnswer::Kind::right;
}

// One of the two, with its own campaign on the common cases.
struct Side {
  Side(const ComparedKernel& own, const ComparedKernel& other, const CampaignOptions& all)
      : options(options_of(own, all)),
        kernel(*own.kernel, *other.kernel, own.name),
        campaign(kernel, options) {}
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;

  CampaignLoop& loop() { return campaign.loop(); }

  CampaignOptions options;
  PairedKernel kernel;
  SteppedCampaign campaign;
};

class Comparing {
 public:
  Comparing(const ComparedKernel& first, const ComparedKernel& second, const CampaignOptions& options)
      : kernels_{first.kernel, second.kernel},
        first_(first, second, options),
        second_(second, first, options) {
    second_.options.progress = {};
    for (const std::size_t at : {0U, 1U}) {
      side(at).kernel.fit_by([this](Problem problem) {
        fit(problem);
        return problem;
      });
    }
  }

  PairReport run() {
    const std::string why_stopped = run_cases();
    std::array<CampaignEnd, 2> ends{first_.loop().end(), second_.loop().end()};
    PairReport report;
    for (std::size_t at = 0; at < 2; ++at) {
      ends[at].why_stopped = why_stopped;
      report.kernels[at] = side(at).campaign.report(ends[at]);
    }
    for (std::size_t at = 0; at < 2; ++at) {
      for (const Finding& finding : report.kernels[at].findings)
        report.others[at].push_back(answer(side(1 - at), finding));
    }
    report.differences = std::move(differences_);
    report.seconds = first_.loop().seconds();
    settle_verdict(report);
    return report;
  }

 private:
  Side& side(std::size_t at) { return at == 0 ? first_ : second_; }

  void together(bool on) {
    for (const std::size_t at : {0U, 1U}) side(at).kernel.together(on);
  }

  // Returns why it stopped early.
  std::string run_cases() {
    together(true);
    first_.loop().begin();
    second_.options.region = std::make_shared<const Region>(first_.loop().region());
    second_.loop().begin();
    bool odd = true;
    Planner planner = first_.loop().planner([&] {
      odd = !odd;
      return context(odd);
    });
    const std::int64_t planned = first_.loop().size().planned;
    for (std::int64_t n = 0; n < planned; ++n) {
      for (const std::size_t at : {0U, 1U}) {
        if (std::string why = side(at).loop().why_stop(); !why.empty()) return why;
      }
      take(planner.next(n));
    }
    return "";
  }

  // Numbers suit both contracts. One that was not declared cannot be joined with the other: then they take
  // turns.
  GenContext context(bool second) {
    GenContext context = side(second ? 1 : 0).loop().context();
    const std::string& a = first_.loop().checker().declared();
    const std::string& b = second_.loop().checker().declared();
    if (a != b && !a.empty() && !b.empty()) context.contract = a + "|" + b;
    return context;
  }

  // The keys and values as both caches hold them; false: of a block with an infinity or NaN they do not.
  bool fit(Problem& problem) {
    const KvStorages one = storage(0, problem), other = storage(1, problem);
    problem = stored_in_both(std::move(problem), one, other);
    return holds(one, problem) && holds(other, problem);
  }

  KvStorages storage(std::size_t at, const Problem& problem) {
    return oracle::kv_storage(side(at).loop().checker().contract(problem));
  }

  void take(CasePlan plan) {
    const bool fits = fit(plan.problem);
    std::erase_if(plan.prepared, [&](const PreparedLaw& p) {
      return !holds(storage(0, p.problem), p.problem) || !holds(storage(1, p.problem), p.problem);
    });
    std::array<kernel::RunOutcome, 2> outcomes;
    if (fits) outcomes = answers(plan);
    const bool declined = !fits || outcomes[0].status == kernel::RunStatus::unsupported ||
                          outcomes[1].status == kernel::RunStatus::unsupported;
    together(declined);
    for (const std::size_t at : {0U, 1U}) {
      kernel::RunOutcome outcome = outcomes[at];
      if (declined) outcome.status = kernel::RunStatus::unsupported;
      side(at).kernel.answer_with(std::move(outcome));
      side(at).loop().take(plan);
    }
    if (outcomes[0].status != kernel::RunStatus::ok || outcomes[1].status != kernel::RunStatus::ok ||
        declined)
      return;
    differences_.add(plan.problem, outcomes[0].result, outcomes[1].result,
                     first_.loop().checker().contract(plan.problem),
                     second_.loop().checker().contract(plan.problem));
  }

  std::array<kernel::RunOutcome, 2> answers(const CasePlan& plan) {
    kernel::RunOptions options;
    options.time_limit = first_.loop().size().call_limit;
    options.placement = plan.placement;
    return {kernels_[0]->run(plan.problem, options), kernels_[1]->run(plan.problem, options)};
  }

  // What a kernel does with the smallest case of the other one's finding.
  static OtherAnswer answer(Side& other, const Finding& finding) {
    OtherAnswer answer;
    const laws::Law* law = laws::find_law(finding.law);
    if (law == nullptr) return answer;
    Checker& checker = other.loop().checker();
    const laws::LawOutcome outcome = checker.check(finding.problem, *law, finding.placement);
    const std::optional<Result> result = checker.answer(finding.problem, finding.placement);
    const bool has_place =
        result && !finding.elements.empty() && output_of(*result, finding.elements.front().output) != nullptr;
    if (has_place) answer.got = number_at(*result, finding.elements.front());
    if (outcome.standing == laws::LawStanding::declined) {
      answer.kind = OtherAnswer::Kind::declines;
    } else if (outcome.standing == laws::LawStanding::broken) {
      answer.kind = OtherAnswer::Kind::wrong;
      answer.summary = outcome.breach->summary;
    } else if (outcome.standing == laws::LawStanding::held) {
      const bool by_bound =
          law == &laws::law_of(laws::LawId::definition) || law == &laws::law_of(laws::LawId::lse);
      answer.kind =
          by_bound && has_place
              ? kind_at(finding.problem, *result, checker.contract(finding.problem), finding.elements.front())
              : OtherAnswer::Kind::right;
    }
    return answer;
  }

  std::array<kernel::Kernel*, 2> kernels_;
  Side first_, second_;
  DifferenceBook differences_;
};

// The finding's problem is a row alone; its places are those of the whole result.
OtherAnswer answer_of_capture(const Result& other, const oracle::ContractSet& contract,
                              const Finding& finding) {
  OtherAnswer answer;
  if (finding.elements.empty()) return answer;
  const oracle::Element& e = finding.elements.front();
  if (output_of(other, e.output) == nullptr) return answer;
  answer.got = number_at(other, e);
  const Problem& row = finding.problem;
  const Place place{0, 0, row.q_len() == 1 ? 0 : e.i, e.output, e.channel};
  answer.kind = kind_at(row, capture_row_result(other, row, e), contract, place);
  return answer;
}

}  // namespace

PairReport compare_kernels(const ComparedKernel& first, const ComparedKernel& second,
                           const CampaignOptions& options) {
  return Comparing(first, second, options).run();
}

PairReport compare_results(const Problem& problem, const ComparedResult& first, const ComparedResult& second,
                           const CaptureOptions& options) {
  PairReport report;
  std::array<oracle::ContractSet, 2> contracts;
  const std::array<const ComparedResult*, 2> results{&first, &second};
  for (std::size_t at = 0; at < 2; ++at) {
    CaptureOptions mine = options;
    if (mine.contract.empty()) mine.contract = results[at]->contract;
    report.kernels[at] = check_capture(results[at]->name, problem, results[at]->result, mine);
    report.seconds += report.kernels[at].seconds;
    contracts[at] = oracle::contract_for(mine.contract, problem.q.dtype(), problem.k.dtype());
    if (const auto& inferred = report.kernels[at].inferred)
      contracts[at] = relaxed(contracts[at], inferred->fields);
  }
  for (std::size_t at = 0; at < 2; ++at) {
    for (const Finding& finding : report.kernels[at].findings)
      report.others[at].push_back(answer_of_capture(results[1 - at]->result, contracts[1 - at], finding));
  }
  report.differences.add(problem, first.result, second.result, contracts[0], contracts[1]);
  settle_verdict(report);
  return report;
}

}  // namespace attest::check
