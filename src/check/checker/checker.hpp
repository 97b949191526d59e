// One kernel, its contract and its time limit: problems go in, what the laws say comes out.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "check/record/kernel_report.hpp"
#include "laws/evaluate.hpp"
#include "oracle/noise/noise_tally.hpp"

namespace attest {

class Region;

struct CheckedLaw {
  const Law* law = nullptr;
  LawOutcome outcome;
};

struct CheckedProblem {
  bool declined = false;
  std::vector<CheckedLaw> laws;  ///< in the order asked; empty when declined
  Tally out, lse;                ///< of the base call, when it answered
  RowsByTier rows_by_tier{};     ///< of the base call
  bool all_zero = true;          ///< every element of out is 0
  std::string contract;          ///< judged against, as shown to people
  RowLengths lengths;            ///< of the base call's rows
  NoiseTally noise;              ///< of the base call; empty unless it was asked for

  const Law* blamed = nullptr;  ///< a broken law that explains the others; null: none is known to

  /// The law that tells most about what is wrong: the one to blame, else by the order in checker.cpp; null
  /// when none is broken.
  const CheckedLaw* worst() const;
};

class Checker {
 public:
  /// `declared` as for contract_for; `jobs` threads judge. `identical_calls`: of the first small problem for
  /// which a law has something to see in so many; not for kernels that are slow to start. Throws
  /// ContractError when it does not parse.
  Checker(Kernel& kernel, std::string declared, std::chrono::milliseconds time_limit, unsigned jobs = 1,
          std::int64_t identical_calls = 0);

  /// What the kernel takes: calls of laws outside of it are not put to it, unless nothing that decides
  /// whether a kernel takes a problem differs from the law's own problem.
  void stay_in(std::shared_ptr<const Region> region) { region_ = std::move(region); }
  bool asks(const Problem& problem, const Problem& call) const;

  const std::string& declared() const { return declared_; }
  /// The contract for the problem's dtypes; valid as long as this object.
  const ContractSet& contract(const Problem& problem);
  /// What the report says of contracts, and of the memory that calls used: those of problems that were
  /// answered. Calls the kernel.
  void describe(KernelReport& report);

  /// Puts the laws to the problem, with one base call for all of them; measures noise where the problem is
  /// generic.
  CheckedProblem check(const Problem& problem, const std::vector<const Law*>& laws, Placement placement,
                       bool generic = false);
  /// One law, in a fresh process where it wants one; `time_limit` other than the checker's own where given.
  LawOutcome check(const Problem& problem, const Law& law, Placement placement,
                   std::optional<std::chrono::milliseconds> time_limit = {});
  /// The next call meets a process that no earlier call has been in, where the kernel has one of its own.
  void forget() { kernel_.forget(); }
  /// What the kernel returns; none unless it answers.
  std::optional<Result> answer(const Problem& problem, Placement placement);

 private:
  Kernel& kernel_;
  std::string declared_;
  std::chrono::milliseconds time_limit_;
  unsigned jobs_;
  std::int64_t identical_calls_;  ///< still to be made; 0 once they were
  void stay_inside(Subject& subject) const;
  std::int64_t more_calls(const Law& law, const Problem& problem) const;
  void note_answer(const Problem& problem, const RunOutcome& outcome, Placement placement);
  MemoryReport memory_report();
  bool any_declared() const;

  struct Judged {
    ContractSet contract;
    bool answered = false;  ///< the kernel answered a problem of these dtypes
  };
  std::map<std::pair<DType, DType>, Judged> contracts_;

  struct Largest {
    double work = -1;  ///< rows * keys
    Problem problem;
    Placement placement = Placement::misaligned;
  };
  std::shared_ptr<const Region> region_;
  Largest largest_;  ///< of the problems that were answered
  MemoryReport memory_;
};

}  // namespace attest
