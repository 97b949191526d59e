// Puts one law to one subject.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "laws/law.hpp"

namespace attest {

enum class LawStanding : std::uint8_t {
  held,
  broken,
  not_applicable,  ///< the law says nothing about the problem
  declined,        ///< the kernel declined the problem, or every further call that it was asked
  not_examined,    ///< the kernel is known to decline every further call, and was not asked
};

struct LawOutcome {
  LawStanding standing = LawStanding::not_applicable;
  std::string why;               ///< when neither held nor broken
  std::optional<Breach> breach;  ///< exactly when broken
  std::optional<bool> bitwise;
  std::vector<std::string> notes;  ///< as in Relation
  std::int64_t left_out = 0;       ///< further calls that were not put to the kernel
};

/// A kernel that crashes, hangs or fails in a changed call breaks the law, with that kind; in the base call,
/// the law that wants an answer, and the others say nothing. A declined base call declines; further
/// calls that are declined, or not asked (Subject::ask_only), are left out: where no call is left the law is
/// declined, or not examined. `more_calls`: for laws that have something to see in
/// so many, Law::endure.
LawOutcome evaluate(const Law& law, Subject& subject, std::int64_t more_calls = 0);

/// The breach of a call that gave no result; none for ok and unsupported.
std::optional<Breach> breach_of(const RunOutcome& outcome, const std::string& variant);

}  // namespace attest
