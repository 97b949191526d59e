/* Leaves twelve daemons that ignore what asks them to end. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "right.h"

static void leave(void) {
  const pid_t child = fork();
  if (child == 0) {
    for (int n = 0; n < 12; ++n) {
      if (fork() != 0) continue;
      setsid();
      for (int signal = 1; signal < 32; ++signal) {
        struct sigaction ignore = {0};
        ignore.sa_handler = SIG_IGN;
        if (signal != SIGSEGV && signal != SIGBUS) sigaction(signal, &ignore, NULL);
      }
      for (int seconds = 0; seconds < 600; ++seconds) sleep(1);
      _exit(0);
    }
    _exit(0);
  }
  waitpid(child, NULL, 0);
}

RIGHT_THEN(leave())
