#include "forms/worlds/dense/dense_case.hpp"

namespace attest {

template FinishedRows<Mpfr> dense_rows(const Mpfr&, const FormInput<Mpfr>&);
template FinishedRows<Mpfr> dense_causal_rows(const Mpfr&, const FormInput<Mpfr>&);

}  // namespace attest
