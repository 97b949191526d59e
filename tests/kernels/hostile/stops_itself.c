/* Stops its process. */
#define _GNU_SOURCE
#include <signal.h>

#include "right.h"

INSTEAD(raise(SIGSTOP))
