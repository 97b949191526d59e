// Explains breaches of a contract that nobody declared.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "check/explain/search.hpp"
#include "check/explain/trial.hpp"
#include "check/findings/finding_book.hpp"

namespace attest::check {

/// A bound and a law that asks for bits rest on the contract. If the kernel declared none, a breach may show
/// that the assumed contract is the wrong one. The explainer looks for the least relaxation under which the
/// breach, its smallest case, all breaches explained before, and the last cases that broke nothing hold. If
/// there is one, it becomes the contract of the checker, and the campaign goes on under it. A later breach
/// starts the search anew, with all that was seen. Narrow arithmetic is taken for the reason only if it shows
/// in most problems as the campaign draws them.
///
/// Bits that differ from call to call are explained only where the same call, made again at once, shows it.
///
/// A known bug that certainly explains the smallest case is no question of the contract.
class Explainer {
 public:
  Explainer(kernel::Kernel& kernel, Checker& checker, FindingBook& book, std::chrono::milliseconds time_limit,
            unsigned jobs)
      : kernel_(kernel),
        time_limit_(time_limit),
        checker_(checker),
        book_(book),
        trial_(kernel, checker.declared(), time_limit, jobs) {}

  void stay_in(const std::shared_ptr<const Region>& region) { trial_.stay_in(region); }

  /// Problems as the campaign draws them, of these dtypes, with two keys or more. To be set before explain().
  using Drawn = std::function<std::vector<Problem>(DType q, DType kv)>;
  void draw_by(Drawn drawn) { drawn_ = std::move(drawn); }

  /// Whether another contract explains the broken laws of a case. If so, the checker keeps that contract from
  /// now on. `number`: of the answered case, from 1. Precondition: `checked` has a broken law.
  bool explain(const Problem& problem, const CheckedProblem& checked, kernel::Placement placement,
               std::int64_t number);
  /// A case that broke nothing.
  void passed(const Problem& problem, const CheckedProblem& checked, kernel::Placement placement);

  /// Whether a single relaxation silences a statistical alarm that the kept cases raise again; the checker
  /// keeps it from now on. Returns the noise of these cases under it.
  std::optional<oracle::Alarm> explain_alarm();

  /// The fields of a contract that would explain a finding; empty: none would.
  std::string would_conform_under(const Finding& finding);

  const std::optional<InferredContract>& inferred() const { return inferred_; }

 private:
  bool asks(const Problem& problem, const CheckedProblem& checked);
  bool calls_differ(const Problem& problem, kernel::Placement placement);
  bool shows_in_most(const Problem& like);
  Explained ask(const std::vector<Witness>& breach, const Relaxations& under);
  std::optional<Relaxations> least(const std::vector<Witness>& breach,
                                   RelaxationClass first = RelaxationClass::ordinary);
  void adopt(const Relaxations& relaxations, const Problem& problem);

  kernel::Kernel& kernel_;
  std::chrono::milliseconds time_limit_;
  Checker& checker_;
  FindingBook& book_;
  Trial trial_;
  Witnesses witnesses_;
  Drawn drawn_;
  Relaxations adopted_;
  std::optional<InferredContract> inferred_;
  std::int64_t searches_ = 0;
  bool calls_differ_ = false;
};

/// Whether a fault is arithmetic narrower than the types suggest, which a contract can declare.
bool is_narrow_arithmetic(faults::KernelFault fault);

/// The relaxations that may explain a diagnosed finding: from this class on. None: it certainly is a known
/// bug. Narrower: it certainly is narrow arithmetic.
std::optional<RelaxationClass> first_class_for(const Finding& finding);

}  // namespace attest::check
