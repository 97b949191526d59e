#include "forms/worlds/dense/dense_case.hpp"

namespace attest::forms {

template FinishedRows<semantics::Mixed<>> dense_rows(const semantics::Mixed<>&,
                                                     const FormInput<semantics::Mixed<>>&);
template FinishedRows<semantics::Mixed<>> dense_causal_rows(const semantics::Mixed<>&,
                                                            const FormInput<semantics::Mixed<>>&);

}  // namespace attest::forms
