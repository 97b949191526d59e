#include "rounded_gradient-inl.hpp"

namespace attest::properties {

template attention::dense::Gradient<attention::DenseMpfr> rounded_gradient<float>(const GradientCase&);
template attention::dense::Gradient<attention::DenseMpfr> rounded_gradient<double>(const GradientCase&);
template attention::dense::Gradient<attention::DenseMpfr> rounded_gradient<attention::DenseMpfr>(
    const GradientCase&);

}  // namespace attest::properties
