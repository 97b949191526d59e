#include "forms/worlds/dense/dense_case.hpp"

namespace attest {

template FinishedRows<Mixed<>> dense_rows(const Mixed<>&, const FormInput<Mixed<>>&);
template FinishedRows<Mixed<>> dense_causal_rows(const Mixed<>&, const FormInput<Mixed<>>&);

}  // namespace attest
