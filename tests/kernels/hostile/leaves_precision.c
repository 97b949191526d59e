/* Leaves the x87 at single precision. */
#define _GNU_SOURCE
#include "right.h"

static void lower_precision(void) {
  unsigned short word = 0;
  __asm__ volatile("fnstcw %0" : "=m"(word));
  word = (unsigned short)(word & ~0x300u);
  __asm__ volatile("fldcw %0" : : "m"(word));
}

RIGHT_THEN(lower_precision())
