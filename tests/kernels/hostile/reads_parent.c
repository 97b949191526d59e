/* Reads the memory of its parent. */
#define _GNU_SOURCE
#include <sys/uio.h>
#include <unistd.h>

#include "right.h"

static void read_parent(void) {
  char byte = 0;
  struct iovec here = {&byte, 1}, there = {&byte, 1};
  if (process_vm_readv(getppid(), &here, 1, &there, 1, 0) < 0) return;
}

RIGHT_THEN(read_parent())
