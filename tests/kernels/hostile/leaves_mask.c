/* Leaves a signal blocked. */
#define _GNU_SOURCE
#include <signal.h>

#include "right.h"

static void block(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_BLOCK, &set, NULL);
}

RIGHT_THEN(block())
