// How the output depends on the values: it is linear in them, channel by channel, and a mean of them.
#include <algorithm>

#include "forms/laws/form_law.hpp"
#include "numerics/random_value.hpp"

namespace attest::forms {
namespace {

template <class Change>
FormRun changed(const RowCase& row, const Change& change) {
  FormRun run{row};
  for (std::size_t j = 0; j < row.keys.size(); ++j) {
    for (std::size_t c = 0; c < row.channels; ++c) change(run.row.keys[j].value.at(c), j, c);
  }
  return run;
}

// Any small values, other than the row's own.
int other_value(const RowCase& row, std::size_t j, std::size_t c) {
  return static_cast<int>(random_below(row.choices.maxima + j * kMostChannels + c, 101)) - 50;
}

std::optional<FormStatement> range(const RowCase& row, const FormEntry&, const SemanticsEntry&) {
  if (visible_count(row) == 0) return std::nullopt;
  IsWithin claim;
  for (std::size_t c = 0; c < row.channels; ++c) {
    bool first = true;
    for (const KeyCase& key : row.keys) {
      if (!key.visible) continue;
      claim.low.at(c) = first ? key.value.at(c) : std::min(claim.low.at(c), key.value.at(c));
      claim.high.at(c) = first ? key.value.at(c) : std::max(claim.high.at(c), key.value.at(c));
      first = false;
    }
  }
  return FormStatement{{{row}}, {claim}};
}

std::optional<FormStatement> constant(const RowCase& row, const FormEntry&, const SemanticsEntry&) {
  if (visible_count(row) == 0) return std::nullopt;
  const int value = 1 + std::abs(row.keys.front().value.front());
  return FormStatement{{changed(row, [&](int& v, std::size_t, std::size_t) { v = value; })},
                       {SumIs{.terms = {{{0}, 1}}, .constant = value}}};
}

std::optional<FormStatement> linearity(const RowCase& row, const FormEntry&, const SemanticsEntry&) {
  const FormRun other =
      changed(row, [&](int& v, std::size_t j, std::size_t c) { v = other_value(row, j, c); });
  const FormRun sum =
      changed(row, [&](int& v, std::size_t j, std::size_t c) { v += other_value(row, j, c); });
  return FormStatement{{{row}, other, sum}, {SumIs{.terms = {{{0}, 1}, {{1}, 1}, {{2}, -1}}}}};
}

std::optional<FormStatement> negation(const RowCase& row, const FormEntry&, const SemanticsEntry&) {
  const FormRun negated = changed(row, [](int& v, std::size_t, std::size_t) { v = -v; });
  return FormStatement{{{row}, negated}, {SumIs{.terms = {{{0}, 1}, {{1}, 1}}, .bitwise = true}}};
}

std::optional<FormStatement> channel(const RowCase& row, const FormEntry&, const SemanticsEntry&) {
  if (row.channels < 2) return std::nullopt;
  const auto kept =
      static_cast<std::size_t>(random_below(row.choices.maxima, static_cast<std::int64_t>(row.channels)));
  const FormRun other = changed(row, [&](int& v, std::size_t j, std::size_t c) {
    if (c != kept) v = other_value(row, j, c);
  });
  SumIs same = same_output(0, 1, true);
  same.channel = static_cast<int>(kept);
  return FormStatement{{{row}, other}, {same}};
}

}  // namespace

FormLaw range_form_law() {
  return {{.id = laws::LawId::range, .theorems = {"range"}, .catches = "a rescale of the denominator only"},
          [](const FormEntry&, const SemanticsEntry& semantics) -> std::string_view {
            return semantics.ordered ? "" : "the numbers have no order";
          },
          range};
}

FormLaw constant_value_form_law() {
  return {{.id = laws::LawId::constant_value,
           .theorems = {"finalize-is-mean", "range"},
           .catches = "a key missing from the denominator"},
          applies,
          constant};
}

FormLaw value_linearity_form_law() {
  return {{.id = laws::LawId::value_linearity,
           .theorems = {"value-linearity"},
           .catches = "a numerator that does not start from zero"},
          applies,
          linearity};
}

FormLaw value_sign_form_law() {
  return {{.id = laws::LawId::value_sign,
           .theorems = {"value-linearity"},
           .catches = "a numerator that does not start from zero"},
          applies,
          negation};
}

FormLaw channel_form_law() {
  return {{.id = laws::LawId::channel,
           .theorems = {"value-linearity"},
           .catches = "channels stored over each other"},
          applies,
          channel};
}

}  // namespace attest::forms
