// Throws.
#include <stdexcept>

#include "right.h"

EXPORT int attest_kernel_forward(const attest_forward* p) {
  if (declined(p)) return ATTEST_UNSUPPORTED;
  throw std::runtime_error("no such tile");
}
