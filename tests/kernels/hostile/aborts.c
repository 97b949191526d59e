/* Aborts, after a word about it. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "right.h"

INSTEAD({
  puts("assertion failed: head_dim % 8 == 0");
  abort();
})
