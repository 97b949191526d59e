/* Leaks a file descriptor a call. */
#define _GNU_SOURCE
#include <fcntl.h>

#include "right.h"

static void leak(void) {
  if (open("/dev/null", O_RDONLY) < 0) return;
}

RIGHT_THEN(leak())
