// When two findings about what a kernel does to its process have one cause.
#pragma once

#include "check/record/finding.hpp"
#include "laws/statements.hpp"

namespace attest::check {

/// What a call does to its process is a cause of its own, whatever the problem; how much it leaks may depend
/// on the problem. Precondition: both are of kind environment.
inline bool same_deed(const Finding& a, const Finding& b) {
  if (a.law != b.law) return false;
  return a.law == laws::name_of(laws::LawId::leak) || a.summary == b.summary;
}

}  // namespace attest::check
