/* Gives the pages of its tensors back while the tool reads them. */
#define _GNU_SOURCE
#include <fcntl.h>

#include "right.h"

static void punch(void) {
  for (int fd = 3; fd < 16; ++fd) {
    if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1 << 20) != 0) continue;
  }
}

RIGHT_THEN(punch())
