#include "forms/laws/form_law.hpp"

#include <algorithm>

namespace attest {

const std::vector<FormLaw>& form_laws() {
  static const std::vector<FormLaw> laws{
      definition_form_law(),    total_form_law(),     nothing_visible_form_law(), associativity_form_law(),
      commutativity_form_law(), identity_form_law(),  blocks_form_law(),          maxima_form_law(),
      decode_form_law(),        prefix_form_law(),    masking_form_law(),         shift_form_law(),
      permutation_form_law(),   duplicate_form_law(), range_form_law(),           constant_form_law(),
      linearity_form_law(),     negation_form_law(),  channel_form_law()};
  return laws;
}

const FormLaw* find_form_law(std::string_view name) {
  const auto& laws = form_laws();
  const auto at =
      std::find_if(laws.begin(), laws.end(), [&](const FormLaw& law) { return law.name == name; });
  return at == laws.end() ? nullptr : &*at;
}

std::size_t visible_count(const RowCase& row) {
  return static_cast<std::size_t>(
      std::count_if(row.keys.begin(), row.keys.end(), [](const KeyCase& key) { return key.visible; }));
}

SumIs same_output(std::size_t a, std::size_t b, bool bitwise) {
  return {.terms = {{{a}, 1}, {{b}, -1}}, .bitwise = bitwise};
}

}  // namespace attest
