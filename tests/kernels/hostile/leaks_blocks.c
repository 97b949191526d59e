/* Leaks 256 KiB a call. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "right.h"

static void leak(void) {
  volatile char* block = malloc(256 << 10);
  if (block != NULL) block[0] = 1;
}

RIGHT_THEN(leak())
