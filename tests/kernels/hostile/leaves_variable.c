/* Changes the environment. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "right.h"

RIGHT_THEN(setenv("OMP_NUM_THREADS", "1", 1))
