/* Starts a daemon when it is loaded. */
#define _GNU_SOURCE
#include "daemon.h"
#include "right.h"

__attribute__((constructor)) static void loaded(void) { start_daemon(); }

RIGHT_THEN((void)0)
