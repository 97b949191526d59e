// The recurrence is the definition.
#include "forms/laws/form_law.hpp"

namespace attest::forms {
namespace {

std::string_view needs_total(const FormEntry&, const SemanticsEntry& semantics) {
  return semantics.total ? "" : "the semantics cannot turn m and l into the sum of weights";
}

}  // namespace

FormLaw definition_form_law() {
  return {{.id = laws::LawId::definition,
           .theorems = {"block-represents", "tile-loop", "tile-is-loop", "merge-adds-sums", "step-is-merge",
                        "absorb-adds-sums", "lazy-adds-sums", "finalize-is-mean", "guarded-is-recurrence",
                        "e1-step", "e1-end", "e1-bounds", "e1-quotient", "e2-shift", "a-two-sided"},
           .catches = "a rescale of the denominator only"},
          applies,
          [](const RowCase& row, const FormEntry&, const SemanticsEntry&) -> std::optional<FormStatement> {
            return FormStatement{{{row}}, {IsDefinition{}}};
          }};
}

FormLaw lse_form_law() {
  return {{.id = laws::LawId::lse,
           .theorems = {"block-represents", "merge-adds-sums", "lse-merge", "lse-shift"},
           .catches = "a key missing from the denominator"},
          needs_total,
          [](const RowCase& row, const FormEntry&, const SemanticsEntry&) -> std::optional<FormStatement> {
            return FormStatement{{{row}}, {TotalIsDefinition{}}};
          }};
}

FormLaw nothing_visible_form_law() {
  return {{.id = laws::LawId::nothing_visible,
           .theorems = {"guarded-is-recurrence"},
           .catches = "a guard removed"},
          applies_with_masks,
          [](const RowCase& row, const FormEntry&, const SemanticsEntry& semantics) {
            FormStatement statement{{{row}}, {IsDefinition{}}};
            for (KeyCase& key : statement.runs[0].row.keys) key.visible = false;
            if (semantics.total) statement.claims.emplace_back(TotalIsDefinition{});
            return std::optional(statement);
          }};
}

}  // namespace attest::forms
