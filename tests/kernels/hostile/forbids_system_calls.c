/* Forbids itself every system call but the simplest. */
#define _GNU_SOURCE
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "right.h"

RIGHT_THEN(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT))
