// The worker's side of a kernel: code that answers attest_forward in this process.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "attest/kernel.h"
#include "kernel/kernel.hpp"

namespace attest {

/// Characters of a contract that a kernel may declare: a worker tells it in one message.
inline constexpr std::size_t kLongestContract = 4095;

/// Runs only inside a worker process. Adapters to linked or loaded libraries implement this one interface,
/// the loader of shared libraries too.
class Implementation {
 public:
  virtual ~Implementation() = default;
  virtual KernelInfo info() const = 0;
  /// The ABI's contract: ATTEST_OK, ATTEST_UNSUPPORTED, or another status for failure.
  virtual int forward(const attest_forward& problem) = 0;
  /// From now on, with this many threads; 0: with as many as when it was opened (a shared library, which
  /// cannot say how many these were: one a processor). False: it cannot be told.
  virtual bool set_threads(int /*threads*/) { return false; }
};

/// A family of built-in adapters: its name on the command line and its variants ("" when it has only one).
struct AdapterFamily {
  std::string name;
  std::vector<std::string> variants;
  std::string summary;  ///< one line for `attest list kernels`
  std::unique_ptr<Implementation> (*open)(const std::string& variant);  ///< throws KernelOpenError
  /// Variants that exist, but not on this machine, each with the reason.
  std::vector<std::pair<std::string, std::string>> unavailable = {};
};

const std::vector<AdapterFamily>& adapter_families();

}  // namespace attest
