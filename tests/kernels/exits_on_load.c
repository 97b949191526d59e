/* Ends the process that loads it. */
#include <stdlib.h>

#include "attest/kernel.h"

__attribute__((constructor)) static void leave(void) { exit(5); }
int attest_kernel_forward(const attest_forward* problem) { return problem == NULL; }
