/* Truncates the memory that holds its tensors. */
#define _GNU_SOURCE
#include <unistd.h>

#include "right.h"

static void shrink(void) {
  for (int fd = 3; fd < 16; ++fd) {
    if (ftruncate(fd, 0) != 0) continue;
  }
}

RIGHT_THEN(shrink())
