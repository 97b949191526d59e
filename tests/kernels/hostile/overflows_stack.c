/* Recurses without end. */
#define _GNU_SOURCE
#include "right.h"

static volatile int depth = 0;

__attribute__((noinline)) static int recurse(int n) {
  volatile char frame[4096];
  frame[0] = (char)n;
  depth = n;
  return depth < 0 ? 0 : recurse(n + 1) + frame[0];
}

INSTEAD(recurse(0))
