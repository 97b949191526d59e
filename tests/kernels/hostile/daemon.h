/* A grandchild in a session of its own. Define _GNU_SOURCE first. */
#ifndef ATTEST_HOSTILE_DAEMON_H
#define ATTEST_HOSTILE_DAEMON_H

#include <sys/wait.h>
#include <unistd.h>

static void start_daemon(void) {
  const pid_t child = fork();
  if (child == 0) {
    if (fork() != 0) _exit(0);
    setsid();
    for (int seconds = 0; seconds < 600; ++seconds) sleep(1);
    _exit(0);
  }
  waitpid(child, NULL, 0);
}

#endif
