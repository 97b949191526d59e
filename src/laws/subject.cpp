#include "laws/subject.hpp"

#include "laws/law.hpp"
#include "laws/operation.hpp"
#include "oracle/contract/questions.hpp"

namespace attest::laws {
namespace {

// Laws look for violations in rows of their choice, so more are kept than anyone reads.
constexpr std::size_t kViolationsKept = std::size_t{1} << 17;

}  // namespace

Subject::Subject(kernel::Kernel& kernel, const Problem& problem, const oracle::ContractSet& contract,
                 const kernel::RunOptions& options, unsigned jobs)
    : Subject(forward_operation(), kernel, problem, contract, options, jobs) {}

std::string Subject::kv_lens_by_mask() const {
  if (!kernel_.info().kv_lens_by_mask.empty()) return kernel_.info().kv_lens_by_mask;
  return oracle::may_read_past_kv_lens(contract_) ? "contract kv_lens=mask" : "";
}

bool Subject::asks(const Problem& problem) const {
  return oracle::may_be_given(contract_, problem) && (!admits_ || admits_(problem));
}

const kernel::RunOutcome& Subject::base() {
  if (!base_) base_ = kernel_.run(problem_, options_);
  return *base_;
}

kernel::RunOutcome Subject::run(const Call& call) {
  kernel::RunOptions options = options_;
  options.prefill = call.prefill;
  options.fresh_memory = call.fresh_memory;
  options.threads = call.threads;
  return kernel_.run(call.problem, options);
}

kernel::RunOutcome Subject::run_and_measure_held() {
  kernel::RunOptions options = options_;
  options.measure_held = true;
  return kernel_.run(problem_, options);
}

kernel::RunOutcome Subject::run_elsewhere() {
  kernel::RunOptions options = options_;
  options.placement = options.placement == kernel::Placement::misaligned ? kernel::Placement::page_end
                                                                         : kernel::Placement::misaligned;
  return kernel_.run(problem_, options);
}

const oracle::Judgement& Subject::judgement() {
  if (!judgement_) {
    const oracle::JudgeOptions options{.max_violations = kViolationsKept, .jobs = jobs_};
    judgement_ = operation_.judge(problem_, base().result, contract_, oracle::affordable(problem_, options));
  }
  return *judgement_;
}

}  // namespace attest::laws
