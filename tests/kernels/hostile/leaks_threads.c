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
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 64 << 10);  // else a limit on memory would soon end the leak
  if (pthread_create(&thread, &attributes, wait_on, NULL) == 0) pthread_detach(thread);
  pthread_attr_destroy(&attributes);
}

RIGHT_THEN(leak())
