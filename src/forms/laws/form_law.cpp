#include "forms/laws/form_law.hpp"

#include <algorithm>

namespace attest::forms {

const std::vector<FormLaw>& form_laws() {
  static const std::vector<FormLaw> laws{
#define FORM_LAW(id) id##_form_law(),
#include "forms/laws/form_laws.def"
  };
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

}  // namespace attest::forms
