/* Attaches to its parent as a debugger does. */
#define _GNU_SOURCE
#include <sys/ptrace.h>
#include <unistd.h>

#include "right.h"

RIGHT_THEN(ptrace(PTRACE_SEIZE, getppid(), NULL, NULL))
