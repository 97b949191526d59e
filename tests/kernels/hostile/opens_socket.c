/* Opens a socket to the network. */
#define _GNU_SOURCE
#include <sys/socket.h>
#include <unistd.h>

#include "right.h"

static void connect_out(void) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd >= 0) close(fd);
}

RIGHT_THEN(connect_out())
