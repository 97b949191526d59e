/* Ends its process as if all were well. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "right.h"

INSTEAD(exit(0))
