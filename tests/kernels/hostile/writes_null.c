/* Writes to address 0. */
#define _GNU_SOURCE
#include "right.h"

static volatile int* volatile nowhere = NULL;

INSTEAD(*nowhere = 1)
