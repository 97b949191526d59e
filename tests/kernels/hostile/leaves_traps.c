/* Leaves divisions by zero trapping. */
#define _GNU_SOURCE
#include <fenv.h>

#include "right.h"

RIGHT_THEN(feenableexcept(FE_DIVBYZERO))
