/* Starts a daemon when it is loaded. */
#define _GNU_SOURCE
#include <sys/wait.h>
#include <unistd.h>

#include "right.h"

__attribute__((constructor)) static void loaded(void) {
  const pid_t child = fork();
  if (child == 0) {
    if (fork() != 0) _exit(0);
    setsid();
    for (int seconds = 0; seconds < 600; ++seconds) sleep(1);
    _exit(0);
  }
  waitpid(child, NULL, 0);
}

RIGHT_THEN((void)0)
