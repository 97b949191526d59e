/* Leaves another rounding mode when it is loaded. */
#define _GNU_SOURCE
#include <fenv.h>

#include "right.h"

__attribute__((constructor)) static void loaded(void) { fesetround(FE_UPWARD); }

RIGHT_THEN((void)0)
