/* Ignores requests to end from now on. */
#define _GNU_SOURCE
#include <signal.h>

#include "right.h"

RIGHT_THEN(signal(SIGTERM, SIG_IGN))
