#include "rounded_gradient-inl.hpp"

namespace attest {

template dense::Gradient<DenseMpfr> rounded_gradient<float>(const GradientCase&);
template dense::Gradient<DenseMpfr> rounded_gradient<double>(const GradientCase&);
template dense::Gradient<DenseMpfr> rounded_gradient<DenseMpfr>(const GradientCase&);

}  // namespace attest
