// Merging is associative and commutative, with the state of no keys as its identity; and nothing that a form
// may choose shows.
#include <algorithm>

#include "forms/forms/forms_of_states.hpp"
#include "forms/laws/form_law.hpp"
#include "numerics/random_value.hpp"

namespace attest::forms {
namespace {

std::string_view needs_merges(const FormEntry& form, const SemanticsEntry&) {
  return form.merges ? "" : "the form has a fixed order of merging";
}

FormRun with(const RowCase& row, const Choices& choices) {
  FormRun run{row};
  run.row.choices = choices;
  return run;
}

std::optional<FormStatement> associativity(const RowCase& row, const FormEntry& form, const SemanticsEntry&) {
  if (row.keys.size() < 3) return std::nullopt;
  Choices left = row.choices;
  left.splits = std::max<std::size_t>(left.splits, 3);
  left.tile = std::min(left.tile, row.keys.size() / 3);
  left.bracketing = 0;
  Choices other = left;
  other.bracketing = row.choices.bracketing | 1;
  FormStatement statement{{with(row, left), with(row, other)}, {same_output(0, 1)}};
  // A balanced tree has one bracketing; another form has the others.
  if (!form.cuts) {
    statement.runs[1].form = BracketingForm::kEntry.name;
    statement.runs[1].row.choices.tile = 1;
  }
  return statement;
}

std::optional<FormStatement> commutativity(const RowCase& row, const FormEntry&, const SemanticsEntry&) {
  if (row.keys.size() < 2) return std::nullopt;
  Choices plain = row.choices;
  plain.splits = std::max<std::size_t>(plain.splits, 2);
  plain.mirrored = false;
  Choices mirrored = plain;
  mirrored.mirrored = true;
  return FormStatement{{with(row, plain), with(row, mirrored)}, {same_output(0, 1)}};
}

// The row after as many masked keys: in two splits, or in the first half of a tree, nothing is visible.
std::optional<FormStatement> identity(const RowCase& row, const FormEntry&, const SemanticsEntry&) {
  std::vector<KeyCase> masked = row.keys;
  for (KeyCase& key : masked) key.visible = false;
  Choices one = row.choices;
  one.splits = 1;
  Choices two = row.choices;
  two.splits = 2;
  FormRun before = with(row, two);
  before.row.keys.insert(before.row.keys.begin(), masked.begin(), masked.end());
  FormRun after = with(row, two);
  after.row.keys.insert(after.row.keys.end(), masked.begin(), masked.end());
  return FormStatement{{with(row, one), before, after}, {same_output(0, 1), same_output(0, 2)}};
}

std::optional<FormStatement> blocks(const RowCase& row, const FormEntry& form, const SemanticsEntry&) {
  const std::uint64_t seed = row.choices.bracketing ^ row.choices.maxima;
  const auto below = [&](std::uint64_t salt, std::int64_t n) {
    return static_cast<std::size_t>(random_below(seed + salt, n));
  };
  const std::size_t keys = row.keys.size();
  const bool one_merge =
      form.needs == FormNeeds::log_sum_exp;  // floats certify no more (certified_world.hpp)
  Choices other = row.choices;
  other.tile = 1 + (row.choices.tile + below(1, 7)) % (keys + 1);
  other.chunk = 1 + (row.choices.chunk + below(2, 7)) % (keys + 1);
  other.splits = one_merge ? 2 : 1 + below(3, 6);
  other.tau = static_cast<int>(4 * below(4, 9));
  Choices whole = row.choices;
  whole.tile = whole.chunk = keys;
  whole.splits = 1;
  return FormStatement{{with(row, row.choices), with(row, other), with(row, whole)},
                       {same_output(0, 1), same_output(0, 2)}};
}

std::optional<FormStatement> maxima(const RowCase& row, const FormEntry&, const SemanticsEntry& semantics) {
  Choices other = row.choices;
  other.maxima = mixed(row.choices.maxima + 1);
  FormStatement statement{{with(row, row.choices), with(row, other)}, {same_output(0, 1)}};
  if (semantics.total) statement.claims.emplace_back(TotalMoves{{0}, {1}, 1, 0});
  return statement;
}

}  // namespace

FormLaw merge_associative_form_law() {
  return {{.id = laws::LawId::merge_associative,
           .theorems = {"merge-associates", "merge-adds-sums", "state-determined"},
           .catches = "a rescale that is left out once"},
          needs_merges,
          associativity};
}

FormLaw merge_commutative_form_law() {
  return {{.id = laws::LawId::merge_commutative,
           .theorems = {"merge-commutes", "merge-adds-sums"},
           .catches = "the max replaced by its first argument"},
          needs_merges,
          commutativity};
}

FormLaw merge_identity_form_law() {
  return {{.id = laws::LawId::merge_identity,
           .theorems = {"merge-identity", "masked-keys"},
           .catches = "a guard removed"},
          needs_merges,
          identity};
}

FormLaw blocks_form_law() {
  return {{.id = laws::LawId::blocks,
           .theorems = {"merge-adds-sums", "splits-add-sums", "absorb-adds-sums", "lazy-adds-sums",
                        "tile-is-loop", "tile-loop"},
           .catches = "a key counted in both splits that meet at it"},
          [](const FormEntry& form, const SemanticsEntry&) -> std::string_view {
            return form.cuts ? "" : "the form leaves nothing to choose";
          },
          blocks};
}

FormLaw any_shift_form_law() {
  return {{.id = laws::LawId::any_shift,
           .theorems = {"tile-loop", "state-determined"},
           .catches = "a rescale that is left out once"},
          [](const FormEntry&, const SemanticsEntry& semantics) -> std::string_view {
            return semantics.free_maxima ? ""
                                         : "a maximum is the largest score here, nothing about it is free";
          },
          maxima};
}

}  // namespace attest::forms
