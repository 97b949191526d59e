/* Leaves an alarm, which ends whatever runs then. */
#define _GNU_SOURCE
#include <unistd.h>

#include "right.h"

RIGHT_THEN(alarm(300))
