#include "rounded_gradient-inl.hpp"

namespace attest {

template dense::Gradient<DenseMpfr> rounded_gradient<Eigen::half>(const GradientCase&);
template dense::Gradient<DenseMpfr> rounded_gradient<Eigen::bfloat16>(const GradientCase&);

}  // namespace attest
