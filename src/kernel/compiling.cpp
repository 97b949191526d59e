#include "kernel/compiling.hpp"

#include <mutex>
#include <utility>

namespace attest::kernel {
namespace {

struct State {
  std::mutex mutex;
  std::chrono::duration<double> spent{0};
  std::function<void(bool)> observer;
};

State& state() {
  static State only;
  return only;
}

void tell(bool compiles) {
  std::function<void(bool)> observer;
  {
    const std::lock_guard<std::mutex> lock(state().mutex);
    observer = state().observer;
  }
  if (observer) observer(compiles);
}

}  // namespace

std::chrono::duration<double> compiling_time() {
  const std::lock_guard<std::mutex> lock(state().mutex);
  return state().spent;
}

void observe_compiling(std::function<void(bool)> observer) {
  const std::lock_guard<std::mutex> lock(state().mutex);
  state().observer = std::move(observer);
}

Compiling::Compiling() : start_(std::chrono::steady_clock::now()) { tell(true); }

Compiling::~Compiling() {
  {
    const std::lock_guard<std::mutex> lock(state().mutex);
    state().spent += std::chrono::steady_clock::now() - start_;
  }
  tell(false);
}

}  // namespace attest::kernel
