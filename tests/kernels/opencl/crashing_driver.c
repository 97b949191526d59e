/* An OpenCL driver that crashes when it is asked for. */
#include <signal.h>

#include "api.h"

int clGetPlatformIDs(uint32_t count, void **platforms, uint32_t *found) {
  (void)count, (void)platforms, (void)found;
  return raise(SIGSEGV);
}

NO_DEVICES
