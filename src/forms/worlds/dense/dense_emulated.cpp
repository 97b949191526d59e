#include "forms/worlds/dense/dense_case.hpp"

namespace attest {

template FinishedRows<Emulated<>> dense_rows(const Emulated<>&, const FormInput<Emulated<>>&);
template FinishedRows<Emulated<>> dense_causal_rows(const Emulated<>&, const FormInput<Emulated<>>&);

}  // namespace attest
