// What a relaxation has to explain, and the cases that it must leave right.
#pragma once

#include <cstdint>
#include <vector>

#include "check/checker/checker.hpp"

namespace attest::check {

/// A case that can be run again.
struct Witness {
  Problem problem;
  kernel::Placement placement = kernel::Placement::misaligned;
  std::vector<const laws::Law*> laws{};
  /// The outputs that were outside their bound, worst first; empty: none was.
  std::vector<oracle::Element> wrong{};
};

/// The witness of a case: what it breaks, the further call that is wrong by itself included. Bounds and exact
/// laws alone, for numbers alone, and laws that found that calls differ.
std::vector<Witness> witnesses_of(const Problem& problem, const CheckedProblem& checked,
                                  kernel::Placement placement);

/// The witness of one law broken by a problem with these outputs.
Witness witness_of(const Problem& problem, const laws::Law& law, kernel::Placement placement,
                   const std::vector<oracle::Element>& elements);

/// At most 50 witnesses: the first 25 that broke something and were explained, and the last 25 that broke
/// nothing. Large ones are left out, so that memory stays below about 200 MB.
class Witnesses {
 public:
  void add_explained(const Witness& witness);
  void add_passed(const Problem& problem, const CheckedProblem& checked, kernel::Placement placement);

  /// A case whose rounding noise was measured: the first 200 of them.
  void add_measured(const Problem& problem, kernel::Placement placement);

  const std::vector<Witness>& measured() const { return measured_; }
  const std::vector<Witness>& explained() const { return explained_; }
  const std::vector<Witness>& passed() const { return passed_; }

 private:
  std::vector<Witness> explained_;
  std::vector<Witness> passed_;
  std::vector<Witness> measured_;
};

}  // namespace attest::check
