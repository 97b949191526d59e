#include "forms/worlds/dense/dense_case.hpp"

namespace attest::forms {

template FinishedRows<semantics::Emulated<>> dense_rows(const semantics::Emulated<>&,
                                                        const FormInput<semantics::Emulated<>>&);
template FinishedRows<semantics::Emulated<>> dense_causal_rows(const semantics::Emulated<>&,
                                                               const FormInput<semantics::Emulated<>>&);

}  // namespace attest::forms
