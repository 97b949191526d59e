/* Takes memory until there is none, and says so. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "right.h"

int attest_kernel_forward(const attest_forward* p) {
  if (declined(p)) return ATTEST_UNSUPPORTED;
  const size_t block = (size_t)64 << 20;
  while (1) {
    char* memory = malloc(block);
    if (memory == NULL) return 12;
    for (size_t at = 0; at < block; at += 4096) ((volatile char*)memory)[at] = 1;
  }
}
