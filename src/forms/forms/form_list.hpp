// All forms, in the order of reports.
#pragma once

#include <array>
#include <tuple>

#include "forms/forms/forms_of_caches.hpp"
#include "forms/forms/forms_of_loops.hpp"
#include "forms/forms/forms_of_matrices.hpp"
#include "forms/forms/forms_of_states.hpp"

namespace attest::forms {

using FormList = std::tuple<SequentialForm, TiledForm, TreeForm, SplitForm, BracketingForm, OnlineForm,
                            GuardedForm, GuardedSplitForm, LazyForm, LseForm, DecodeForm, ChunkedForm,
                            PrefillForm, DenseForm, DenseCausalForm>;

/// f(Form{}) for the form of that name; false when there is none.
template <class F>
bool with_form(std::string_view name, const F& f) {
  return std::apply(
      [&](auto... form) { return ((decltype(form)::kEntry.name == name && (f(form), true)) || ...); },
      FormList{});
}

constexpr auto form_entries() {
  return std::apply([](auto... form) { return std::array{decltype(form)::kEntry...}; }, FormList{});
}

}  // namespace attest::forms
