/* Changes the umask. */
#define _GNU_SOURCE
#include <sys/stat.h>

#include "right.h"

RIGHT_THEN(umask(0123))
