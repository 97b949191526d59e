#include "forms/worlds/dense/dense_case.hpp"

namespace attest::forms {

template FinishedRows<semantics::F32> dense_rows(const semantics::F32&, const FormInput<semantics::F32>&);
template FinishedRows<semantics::F32> dense_causal_rows(const semantics::F32&,
                                                        const FormInput<semantics::F32>&);
template FinishedRows<semantics::F64> dense_rows(const semantics::F64&, const FormInput<semantics::F64>&);
template FinishedRows<semantics::F64> dense_causal_rows(const semantics::F64&,
                                                        const FormInput<semantics::F64>&);

}  // namespace attest::forms
