/* Leaves the vector unit rounding upward, and the x87 as it was. */
#define _GNU_SOURCE
#include <xmmintrin.h>

#include "right.h"

RIGHT_THEN(_MM_SET_ROUNDING_MODE(_MM_ROUND_UP))
