/* Leaves a child. */
#define _GNU_SOURCE
#include <unistd.h>

#include "right.h"

static void leave(void) {
  if (fork() != 0) return;
  for (int seconds = 0; seconds < 600; ++seconds) sleep(1);
  _exit(0);
}

RIGHT_THEN(leave())
