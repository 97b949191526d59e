// Puts one law to one form in one world, case by case.
#pragma once

#include <optional>

#include "forms/laws/form_law.hpp"

namespace attest::forms {

/// Undecided where the law says nothing about the case. Precondition: the law applies to the form there, and
/// the form runs there.
Ruling rule(const FormLaw& law, const FormEntry& form, const FormWorld& world, const RowCase& row);

struct Violation {
  RowCase smallest;  ///< no shrink of it violates the law as well
  Ruling ruling;     ///< of the smallest
};

struct LawRun {
  std::int64_t decided = 0;
  std::optional<Violation> violation;
  std::int64_t undecided_cases = 0;
  std::string undecided;  ///< why the last undecided case was so
};

/// `cases` cases drawn from the seed, up to the first violation, which is shrunken.
LawRun run_law(const FormLaw& law, const FormEntry& form, const FormWorld& world, std::uint64_t seed,
               std::int64_t cases);

}  // namespace attest::forms
