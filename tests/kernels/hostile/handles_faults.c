/* Reads past v under a handler of its own, and takes the handler away again. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>

#include "right.h"

static sigjmp_buf back;

static void on_fault(int signal) {
  (void)signal;
  siglongjmp(back, 1);
}

static void peek(const attest_forward* p) {
  struct sigaction action = {0}, before;
  action.sa_handler = on_fault;
  sigaction(SIGSEGV, &action, &before);
  if (sigsetjmp(back, 1) == 0) {
    const volatile char* past = (const char*)(element(p->v, 0, 0, p->v->shape[2] - 1) + p->v->shape[3]);
    (void)past[64];
  }
  sigaction(SIGSEGV, &before, NULL);
}

RIGHT_THEN(peek(p))
