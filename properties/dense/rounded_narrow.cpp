#include "rounded_gradient-inl.hpp"

namespace attest::properties {

template attention::dense::Gradient<attention::DenseMpfr> rounded_gradient<Eigen::half>(const GradientCase&);
template attention::dense::Gradient<attention::DenseMpfr> rounded_gradient<Eigen::bfloat16>(
    const GradientCase&);

}  // namespace attest::properties
