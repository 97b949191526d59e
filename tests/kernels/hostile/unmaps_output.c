/* Unmaps its output. */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "right.h"

INSTEAD(munmap((char*)((uintptr_t)p->out->data & ~(uintptr_t)4095), 4096))
