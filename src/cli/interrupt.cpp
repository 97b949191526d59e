#include "cli/interrupt.hpp"

#include <unistd.h>

#include "check/record/interruption.hpp"
#include "cli/command.hpp"

namespace attest::cli {
namespace {

extern "C" void attest_stop(int /*signal*/) {
  if (check::stop_requested()) ::_exit(static_cast<int>(Exit::interrupted));
  check::request_stop();
}

}  // namespace

StopOnSignal::StopOnSignal() {
  struct sigaction stop {};
  stop.sa_handler = attest_stop;
  stop.sa_flags = SA_RESTART;  // what waits for a kernel goes on waiting, up to its time limit
  ::sigemptyset(&stop.sa_mask);
  ::sigaction(SIGINT, &stop, &interrupt_);
  ::sigaction(SIGTERM, &stop, &terminate_);
}

StopOnSignal::~StopOnSignal() {
  ::sigaction(SIGINT, &interrupt_, nullptr);
  ::sigaction(SIGTERM, &terminate_, nullptr);
}

}  // namespace attest::cli
