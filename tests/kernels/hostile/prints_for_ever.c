/* Prints without end. */
#define _GNU_SOURCE
#include <stdio.h>

#include "right.h"

static volatile int going = 1;

INSTEAD(while (going) puts("still here"))
