/* Leaks a thread a call. */
#define _GNU_SOURCE
#include <pthread.h>
#include <unistd.h>

#include "right.h"

static void* wait_on(void* nothing) {
  for (int seconds = 0; seconds < 600; ++seconds) sleep(1);
  return nothing;
}

static void leak(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, wait_on, NULL) == 0) pthread_detach(thread);
}

RIGHT_THEN(leak())
