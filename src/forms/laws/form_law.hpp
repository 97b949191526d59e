// A law on the forms of the recurrence, as data: when it applies, and what it says of a case.
#pragma once

#include <optional>
#include <string>

#include "forms/cases/form_statement.hpp"
#include "forms/laws/matrix.hpp"
#include "forms/worlds/form_world.hpp"

namespace attest::forms {

struct FormLaw : MatrixLaw {
  /// Empty when the law says something about this form in this semantics, else why it does not, one clause.
  std::string_view (*why_not)(const FormEntry& form, const SemanticsEntry& semantics) = nullptr;
  /// None when it says nothing about this case. Called only where why_not is empty.
  std::optional<FormStatement> (*state)(const RowCase& row, const FormEntry& form,
                                        const SemanticsEntry& semantics) = nullptr;
};

/// In the order of form_laws.def, which is that of reports.
const std::vector<FormLaw>& form_laws();
/// Null when there is no such law.
const FormLaw* find_form_law(std::string_view name);

// One function a law, in the file of its group.
#define FORM_LAW(id) FormLaw id##_form_law();
#include "forms/laws/form_laws.def"

// What the laws share.

inline std::string_view applies(const FormEntry&, const SemanticsEntry&) { return ""; }
inline std::string_view applies_with_masks(const FormEntry& form, const SemanticsEntry&) {
  return form.causal ? "the form supports no mask except causality" : "";
}
std::size_t visible_count(const RowCase& row);
/// The claim that run a and run b have the same output.
SumIs same_output(std::size_t a, std::size_t b, bool bitwise = false);

}  // namespace attest::forms
