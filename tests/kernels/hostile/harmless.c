/* A right kernel, to follow a hostile one in the same check. */
#include "right.h"

RIGHT_THEN((void)0)
