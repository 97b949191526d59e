#include "forms/worlds/dense/dense_case.hpp"

namespace attest {

template FinishedRows<F32> dense_rows(const F32&, const FormInput<F32>&);
template FinishedRows<F32> dense_causal_rows(const F32&, const FormInput<F32>&);
template FinishedRows<F64> dense_rows(const F64&, const FormInput<F64>&);
template FinishedRows<F64> dense_causal_rows(const F64&, const FormInput<F64>&);

}  // namespace attest
