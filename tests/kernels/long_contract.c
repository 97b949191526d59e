/* Declares a contract that is longer than anything a person writes. */
#include <string.h>

#include "attest/kernel.h"

const char* attest_kernel_contract(void) {
  static char text[5001];
  memset(text, 'x', sizeof text - 1);
  return text;
}
int attest_kernel_forward(const attest_forward* problem) { return problem == NULL; }
