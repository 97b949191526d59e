// What may be done to the scores and keys of a row: shift them, reorder them, double them.
#include <algorithm>

#include "forms/laws/form_law.hpp"
#include "numerics/random_value.hpp"

namespace attest::forms {
namespace {

// Scores, from -40 to 40 (10 nats), never 0; a multiple of 64 where the scores are, so that formats of 8 bits
// hold the sums.
int shift_of(const RowCase& row) {
  const bool coarse =
      std::all_of(row.keys.begin(), row.keys.end(), [](const KeyCase& key) { return key.score % 64 == 0; });
  const auto size = static_cast<int>(1 + random_below(row.choices.maxima, 40));
  const int sign = row.choices.maxima % 2 == 0 ? 1 : -1;
  return sign * (coarse ? 64 * (1 + size % 8) : size);
}

std::optional<FormStatement> shift(const RowCase& row, const FormEntry&, const SemanticsEntry& semantics) {
  FormRun shifted{row};
  const int by = shift_of(row);
  shifted.row.shift += by;
  FormStatement statement{{{row}, shifted}, {same_output(0, 1)}};
  if (semantics.total) statement.claims.emplace_back(TotalMoves{{0}, {1}, 1, by});
  return statement;
}

std::optional<FormStatement> permutation(const RowCase& row, const FormEntry&, const SemanticsEntry&) {
  if (row.keys.size() < 2) return std::nullopt;
  FormRun reversed{row};
  std::reverse(reversed.row.keys.begin(), reversed.row.keys.end());
  FormRun rotated{row};
  auto& keys = rotated.row.keys;
  std::rotate(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(keys.size() / 2), keys.end());
  return FormStatement{{{row}, reversed, rotated}, {same_output(0, 1), same_output(0, 2)}};
}

std::optional<FormStatement> duplicate(const RowCase& row, const FormEntry&,
                                       const SemanticsEntry& semantics) {
  FormRun twice{row};
  twice.row.keys.insert(twice.row.keys.end(), row.keys.begin(), row.keys.end());
  FormStatement statement{{{row}, twice}, {same_output(0, 1)}};
  if (semantics.total) statement.claims.emplace_back(TotalMoves{{0}, {1}, 2, 0});
  return statement;
}

}  // namespace

FormLaw shift_form_law() {
  return {{.id = laws::LawId::shift,
           .theorems = {"shift-invariance", "lse-shift"},
           .catches = "masked keys given the score 0"},
          applies,
          shift};
}

FormLaw permutation_form_law() {
  return {{.id = laws::LawId::permutation,
           .theorems = {"merge-commutes", "merge-associates"},
           .catches = "no rescale when the running max grows"},
          applies,
          permutation};
}

FormLaw duplicate_form_law() {
  return {{.id = laws::LawId::duplicate,
           .theorems = {"duplication"},
           .catches = "a value missing from the numerator"},
          applies,
          duplicate};
}

}  // namespace attest::forms
