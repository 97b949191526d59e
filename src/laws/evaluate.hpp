// Puts one law to one subject.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "laws/law.hpp"

namespace attest {

enum class LawStanding : std::uint8_t { held, broken, not_applicable, declined };

struct LawOutcome {
  LawStanding standing = LawStanding::not_applicable;
  std::string why;               ///< when not applicable
  std::optional<Breach> breach;  ///< exactly when broken
  std::optional<bool> bitwise;
  std::vector<std::string> notes;  ///< as in Relation
};

/// A kernel that crashes, hangs or fails in a changed call breaks the law, with that kind; in the base call,
/// the law that wants an answer, and the others say nothing. A declined base call declines; declined further
/// calls are left out, and all of them declined decline. `more_calls`: for laws that have something to see in
/// so many, Law::endure.
LawOutcome evaluate(const Law& law, Subject& subject, std::int64_t more_calls = 0);

/// The breach of a call that gave no result; none for ok and unsupported.
std::optional<Breach> breach_of(const RunOutcome& outcome, const std::string& variant);

}  // namespace attest
