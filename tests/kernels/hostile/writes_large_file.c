/* Writes a file of a terabyte, most of it a hole. */
#define _GNU_SOURCE
#include <stdio.h>
#include <unistd.h>

#include "right.h"

static void fill_disk(void) {
  FILE* file = tmpfile();
  if (file == NULL) return;
  fseek(file, (long)1 << 40, SEEK_SET);
  fputs("full", file);
  fclose(file);
}

INSTEAD(fill_disk())
