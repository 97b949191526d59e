/* Makes an input writable and writes to it. */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "right.h"

static void spoil(const attest_forward* p) {
  char* q = (char*)p->q->data;
  char* page = (char*)((uintptr_t)q & ~(uintptr_t)4095);
  if (mprotect(page, 4096, PROT_READ | PROT_WRITE) == 0) *q = (char)(*q ^ 1);
}

RIGHT_THEN(spoil(p))
