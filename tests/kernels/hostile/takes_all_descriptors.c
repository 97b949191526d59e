/* Opens files until there are no descriptors, and says so. */
#define _GNU_SOURCE
#include <fcntl.h>

#include "right.h"

int attest_kernel_forward(const attest_forward* p) {
  if (declined(p)) return ATTEST_UNSUPPORTED;
  while (1) {
    if (open("/dev/null", O_RDONLY) < 0) return 24;
  }
}
