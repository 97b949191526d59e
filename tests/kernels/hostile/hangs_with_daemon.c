/* Leaves a daemon and never returns. */
#define _GNU_SOURCE
#include "daemon.h"
#include "right.h"

static volatile int going = 1;

INSTEAD({
  start_daemon();
  while (going) {
  }
})
