/* Leaves flush-to-zero on. */
#define _GNU_SOURCE
#include <xmmintrin.h>

#include "right.h"

RIGHT_THEN(_MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_ON))
