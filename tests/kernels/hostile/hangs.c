/* Never returns. */
#define _GNU_SOURCE
#include "right.h"

static volatile int going = 1;

INSTEAD(while (going){})
