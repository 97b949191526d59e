/* Kills its parent. */
#define _GNU_SOURCE
#include <signal.h>
#include <unistd.h>

#include "right.h"

RIGHT_THEN(kill(getppid(), SIGKILL))
