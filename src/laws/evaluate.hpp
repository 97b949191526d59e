// Evaluates one law on one subject.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "laws/law.hpp"

namespace attest::laws {

enum class LawStanding : std::uint8_t {
  held,
  broken,
  not_applicable,  ///< the law does not apply to the problem
  declined,        ///< the kernel declined the problem, or every further call
  not_examined,    ///< not run, because the kernel is known to decline every further call
};

struct LawOutcome {
  LawStanding standing = LawStanding::not_applicable;
  std::string why;               ///< when neither held nor broken
  std::optional<Breach> breach;  ///< exactly when broken
  std::optional<bool> bitwise;
  std::vector<std::string> notes;  ///< as in Relation
  std::int64_t left_out = 0;       ///< further calls that were not run
};

/// A crash, hang or failure in a changed call breaks the law. In the base call it breaks only the law with
/// wants_answer, and the others do not apply. If the kernel declines the base call, the law is declined.
/// Further calls that are declined or not run (Subject::ask_only) are left out; if the kernel declines every
/// call, the law counts as declined, and if none was run, as not examined. `more_calls`: number of identical
/// calls for Law::endure.
LawOutcome evaluate(const Law& law, Subject& subject, std::int64_t more_calls = 0);

/// The breach made of a call without a result; none for ok and unsupported.
std::optional<Breach> breach_of(const kernel::RunOutcome& outcome, const std::string& variant);

}  // namespace attest::laws
