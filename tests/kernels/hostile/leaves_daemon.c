/* Leaves a daemon: a grandchild in a session of its own. */
#define _GNU_SOURCE
#include "daemon.h"
#include "right.h"

RIGHT_THEN(start_daemon())
