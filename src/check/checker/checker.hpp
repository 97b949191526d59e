// Evaluates laws on problems, for one kernel with its contract and time limit.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "check/record/kernel_report.hpp"
#include "laws/evaluate.hpp"
#include "oracle/noise/noise_tally.hpp"

namespace attest::check {

class Region;

struct CheckedLaw {
  const laws::Law* law = nullptr;
  laws::LawOutcome outcome;
};

struct CheckedProblem {
  bool declined = false;
  std::vector<CheckedLaw> laws;       ///< in the order asked; empty when declined
  oracle::Tally out, lse;             ///< of the base call, when it answered
  oracle::RowsByTier rows_by_tier{};  ///< of the base call
  bool all_zero = true;               ///< every element of out is 0
  std::string contract;               ///< the contract judged against, before it was relaxed, as text
  oracle::RowLengths lengths;         ///< of the base call's rows
  DType dtype = DType::f32;           ///< of q and out
  oracle::RatiosByLength by_length;   ///< of the base call
  oracle::NoiseTally noise;           ///< of the base call; empty unless requested

  const laws::Law* blamed = nullptr;  ///< a broken law that explains the others; null: none known

  /// The most informative broken law: `blamed`, or else the first in the order of checker.cpp. Null if none
  /// is broken.
  const CheckedLaw* worst() const;
};

class Checker {
 public:
  /// `declared` as for contract_for. `jobs` threads judge. `identical_calls`: number of identical calls on
  /// the first small problem for which a law uses them; not for kernels that are slow to start. Throws
  /// ContractError for a contract that does not parse.
  Checker(kernel::Kernel& kernel, std::string declared, std::chrono::milliseconds time_limit,
          unsigned jobs = 1, std::int64_t identical_calls = 0);

  /// Sets what the kernel accepts. Calls of laws outside that region are not run, unless they differ from the
  /// law's own problem in nothing that decides acceptance.
  void stay_in(std::shared_ptr<const Region> region) { region_ = std::move(region); }
  bool asks(const Problem& problem, const Problem& call) const;

  const std::string& declared() const { return declared_; }
  /// The contract for the problem's dtypes. Valid as long as this object.
  const oracle::ContractSet& contract(const Problem& problem);
  /// The fields of the contract for these dtypes that are not as declared or assumed; empty: none.
  using FieldsFor = std::function<std::string(DType q, DType kv)>;
  /// Judges by contracts with other fields from now on.
  void relax(FieldsFor fields);
  /// Fills in the report's contracts and memory use, for problems that were answered. Calls the kernel.
  void describe(KernelReport& report);

  /// Evaluates the laws on the problem, with one base call for all of them. Measures noise if the problem is
  /// generic.
  CheckedProblem check(const Problem& problem, const std::vector<const laws::Law*>& laws,
                       kernel::Placement placement, bool generic = false);
  /// Evaluates one law, in a new process if the law needs one. `time_limit`: replaces the checker's own.
  laws::LawOutcome check(const Problem& problem, const laws::Law& law, kernel::Placement placement,
                         std::optional<std::chrono::milliseconds> time_limit = {});
  /// The next call runs in a new process, if the kernel has a process of its own.
  void forget() { kernel_.forget(); }
  /// The kernel's result; none unless it answers.
  std::optional<Result> answer(const Problem& problem, kernel::Placement placement);

 private:
  kernel::Kernel& kernel_;
  std::string declared_;
  std::chrono::milliseconds time_limit_;
  unsigned jobs_;
  std::int64_t identical_calls_;  ///< still to be made; 0 once they were
  void stay_inside(laws::Subject& subject) const;
  std::int64_t more_calls(const laws::Law& law, const Problem& problem) const;
  void note_answer(const Problem& problem, const kernel::RunOutcome& outcome, kernel::Placement placement);
  MemoryReport memory_report();
  bool any_declared() const;

  struct Judged {
    oracle::ContractSet base;      ///< as declared or assumed
    oracle::ContractSet contract;  ///< with other fields where they are relaxed
    bool answered = false;         ///< the kernel answered a problem of these dtypes
  };
  oracle::ContractSet relaxed_for(const std::pair<DType, DType>& dtypes,
                                  const oracle::ContractSet& base) const;
  std::map<std::pair<DType, DType>, Judged> contracts_;
  FieldsFor fields_;

  struct Largest {
    double work = -1;  ///< rows * keys
    Problem problem;
    kernel::Placement placement = kernel::Placement::misaligned;
  };
  std::shared_ptr<const Region> region_;
  Largest largest_;  ///< of the problems that were answered
  MemoryReport memory_;
};

}  // namespace attest::check
