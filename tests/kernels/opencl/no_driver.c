/* An OpenCL loader that finds no driver, or none that it can load. */
#include "api.h"

int clGetPlatformIDs(uint32_t count, void **platforms, uint32_t *found) {
  (void)count, (void)platforms;
  if (found != NULL) *found = 0;
  return NO_PLATFORM;
}

NO_DEVICES
