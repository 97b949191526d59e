/* Leaves a daemon and never returns. */
#define _GNU_SOURCE
#include <sys/wait.h>
#include <unistd.h>

#include "right.h"

static volatile int going = 1;

static void leave(void) {
  const pid_t child = fork();
  if (child == 0) {
    if (fork() != 0) _exit(0);
    setsid();
    for (int seconds = 0; seconds < 600; ++seconds) sleep(1);
    _exit(0);
  }
  waitpid(child, NULL, 0);
}

INSTEAD({
  leave();
  while (going) {
  }
})
