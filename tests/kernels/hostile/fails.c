/* Returns a status of its own. */
#define _GNU_SOURCE
#include "right.h"

int attest_kernel_forward(const attest_forward* p) { return declined(p) ? ATTEST_UNSUPPORTED : 7; }
