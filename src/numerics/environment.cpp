#include "numerics/environment.hpp"

#include <cfenv>
#include <cfloat>
#include <stdexcept>

namespace attest {

void require_default_environment() {
  if (std::fegetround() != FE_TONEAREST) throw std::logic_error("rounding mode is not to nearest");
  // volatile: the question is what the processor does, not what the compiler knows.
  const volatile double smallest = DBL_MIN;
  const volatile double half = 0.5;
  const volatile double subnormal = DBL_TRUE_MIN;
  const volatile double scale = 0x1p60;
  if (smallest * half == 0) throw std::logic_error("subnormal results are flushed to zero");
  if (subnormal * scale == 0) throw std::logic_error("subnormal inputs are flushed to zero");
}

}  // namespace attest
