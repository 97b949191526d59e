// The time that kernels spend compiling for their devices, which is not time of their cases.
#pragma once

#include <chrono>
#include <functional>

namespace attest::kernel {

/// How long a call may compile.
inline constexpr std::chrono::minutes kCompileTimeLimit{5};

/// What all kernels of this process spent so far. Kernels on devices run one at a time.
std::chrono::duration<double> compiling_time();

/// Called with true when a call begins to compile, and with false when it ends. One observer; empty: none.
void observe_compiling(std::function<void(bool)> observer);

/// Lives as long as a call compiles.
class Compiling {
 public:
  Compiling();
  ~Compiling();
  Compiling(const Compiling&) = delete;
  Compiling& operator=(const Compiling&) = delete;

 private:
  std::chrono::steady_clock::time_point start_;
};

}  // namespace attest::kernel
