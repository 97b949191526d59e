/* Writes the byte before its output. */
#define _GNU_SOURCE
#include "right.h"

RIGHT_THEN(((char*)p->out->data)[-1] = 0)
