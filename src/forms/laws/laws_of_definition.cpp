// The recurrence is the definition.
#include "forms/laws/form_law.hpp"

namespace attest {
namespace {

std::string_view needs_total(const FormEntry&, const SemanticsEntry& semantics) {
  return semantics.total ? "" : "the semantics cannot turn m and l into the sum of weights";
}

}  // namespace

FormLaw definition_form_law() {
  return {{"definition",
           "the output is the mean of the visible values, weighted by the exponentials of their scores; "
           "intervals enclose that mean, floats are within the certified bound of the contract",
           {"block-represents", "tile-loop", "tile-is-loop", "merge-adds-sums", "step-is-merge",
            "absorb-adds-sums", "lazy-adds-sums", "finalize-is-mean", "guarded-is-recurrence", "e1-step",
            "e1-end", "e1-bounds", "e1-quotient", "e2-shift", "a-two-sided"},
           "a rescale of the denominator only"},
          applies,
          [](const RowCase& row, const FormEntry&, const SemanticsEntry&) -> std::optional<FormStatement> {
            return FormStatement{{{row}}, {IsDefinition{}}};
          }};
}

FormLaw total_form_law() {
  return {{"lse",
           "m and l represent the sum of the visible weights, and lse = m + ln l is its logarithm",
           {"block-represents", "merge-adds-sums", "lse-merge", "lse-shift"},
           "a key missing from the denominator"},
          needs_total,
          [](const RowCase& row, const FormEntry&, const SemanticsEntry&) -> std::optional<FormStatement> {
            return FormStatement{{{row}}, {TotalIsDefinition{}}};
          }};
}

FormLaw nothing_visible_form_law() {
  return {
      {"nothing visible",
       "without a visible key, guarded and dense forms return 0 with lse -inf, and other forms return no row",
       {"guarded-is-recurrence"},
       "a guard removed"},
      applies_with_masks,
      [](const RowCase& row, const FormEntry&, const SemanticsEntry& semantics) {
        FormStatement statement{{{row}}, {IsDefinition{}}};
        for (KeyCase& key : statement.runs[0].row.keys) key.visible = false;
        if (semantics.total) statement.claims.emplace_back(TotalIsDefinition{});
        return std::optional(statement);
      }};
}

}  // namespace attest
