/* Lowers a limit. */
#define _GNU_SOURCE
#include <sys/resource.h>

#include "right.h"

static void lower(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_cur > 100 ? limit.rlim_cur - 1 : limit.rlim_cur;
  setrlimit(RLIMIT_NOFILE, &limit);
}

RIGHT_THEN(lower())
