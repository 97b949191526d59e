/* Changes the locale. */
#define _GNU_SOURCE
#include <locale.h>

#include "right.h"

RIGHT_THEN(setlocale(LC_ALL, "C.UTF-8"))
