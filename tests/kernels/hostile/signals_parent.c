/* Asks its parent to end. */
#define _GNU_SOURCE
#include <signal.h>
#include <unistd.h>

#include "right.h"

RIGHT_THEN(kill(getppid(), SIGTERM))
