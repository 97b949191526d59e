#include "forms/worlds/dense/dense_case.hpp"

namespace attest::forms {

template FinishedRows<semantics::Mpfr> dense_rows(const semantics::Mpfr&, const FormInput<semantics::Mpfr>&);
template FinishedRows<semantics::Mpfr> dense_causal_rows(const semantics::Mpfr&,
                                                         const FormInput<semantics::Mpfr>&);

}  // namespace attest::forms
