// Rows of a causal problem, and keys that a row does not see.
#include <algorithm>

#include "forms/forms/forms_of_caches.hpp"
#include "forms/laws/form_law.hpp"

namespace attest::forms {
namespace {

constexpr std::size_t kRows = 3;  // enough for a row inside a chunk and one before it

std::string_view needs_causal(const FormEntry& form, const SemanticsEntry&) {
  return form.causal ? "" : "the form computes one row";
}

std::optional<FormStatement> decode(const RowCase& row, const FormEntry& form, const SemanticsEntry&) {
  const std::size_t rows = std::min(kRows, visible_count(row));
  const std::string_view prefill = PrefillForm::kEntry.name;
  const std::string_view other = form.name == prefill ? DecodeForm::kEntry.name : prefill;
  FormStatement statement{{{row, rows}, {row, rows, other}}, {}};
  for (std::size_t back = 0; back < rows; ++back) {
    statement.claims.emplace_back(SumIs{.terms = {{{0, back}, 1}, {{1, back}, -1}}});
  }
  if (rows == 0) return std::nullopt;
  return statement;
}

std::optional<FormStatement> prefix(const RowCase& row, const FormEntry&, const SemanticsEntry&) {
  const std::size_t rows = std::min(kRows, visible_count(row));
  if (rows < 2) return std::nullopt;
  FormStatement statement{{{row, rows}}, {}};
  for (std::size_t back = 1; back < rows; ++back) {
    statement.runs.push_back({earlier_row(row, back)});
    statement.claims.emplace_back(SumIs{.terms = {{{0, back}, 1}, {{back, 0}, -1}}});
  }
  return statement;
}

std::optional<FormStatement> masking(const RowCase& row, const FormEntry&, const SemanticsEntry&) {
  FormRun masked{row};
  if (visible_count(row) == row.keys.size()) {
    for (std::size_t j = 0; j < row.keys.size(); j += 2) masked.row.keys[j].visible = false;
  }
  FormRun changed = masked;
  for (KeyCase& key : changed.row.keys) {
    if (key.visible) continue;
    key.score = 96;  // 24 nats: ahead of most
    key.value.fill(111);
  }
  return FormStatement{{masked, changed}, {same_output(0, 1, true)}};
}

}  // namespace

FormLaw decode_form_law() {
  return {{.id = laws::LawId::decode,
           .theorems = {"decode-is-prefill", "chunk-is-prefill", "step-is-merge", "merge-commutes",
                        "merge-adds-sums"},
           .catches = "a token that does not see itself"},
          needs_causal,
          decode};
}

FormLaw prefix_form_law() {
  return {{.id = laws::LawId::prefix,
           .theorems = {"block-represents", "decode-is-prefill"},
           .catches = "a causal mask that is one key too wide"},
          needs_causal,
          prefix};
}

FormLaw masking_form_law() {
  return {{.id = laws::LawId::masking,
           .theorems = {"masked-keys", "guarded-is-recurrence"},
           .catches = "a mask that is ignored"},
          applies_with_masks,
          masking};
}

}  // namespace attest::forms
