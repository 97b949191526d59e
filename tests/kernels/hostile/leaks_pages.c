/* Leaks a mapping a call, which no allocator knows of. */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "right.h"

static void leak(void) {
  volatile char* page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page != MAP_FAILED) page[0] = 1;
}

RIGHT_THEN(leak())
