/* Never finishes loading. */
#include <unistd.h>

#include "attest/kernel.h"

__attribute__((constructor)) static void wait_forever(void) {
  while (1) pause();
}
int attest_kernel_forward(const attest_forward* problem) { return problem == NULL; }
