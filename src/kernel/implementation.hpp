// The worker's side of a kernel: code that answers attest_forward in this process.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "attest/kernel.h"
#include "kernel/kernel.hpp"
#include "numerics/draw.hpp"

namespace attest::kernel {

/// Maximum length of a declared contract, in characters: a worker sends it in one message.
inline constexpr std::size_t kLongestContract = 4095;

/// What `forward` returns where the library refuses a form of its operator. The last line printed says why.
inline constexpr int kFormRefused = 3;
/// A call that returned, but did what the ABI forbids to memory that attest cannot guard, a device's. The
/// outputs are written.
struct DeviceTrespass : std::runtime_error {
  DeviceTrespass(Trespass found, const std::string& what) : std::runtime_error(what), kind(found) {}
  Trespass kind;
};

/// Runs only inside a worker process. To add a kernel, implement this interface; adapters and the loader of
/// shared libraries do.
class Implementation {
 public:
  virtual ~Implementation() = default;
  virtual KernelInfo info() const = 0;
  /// Returns ATTEST_OK, ATTEST_UNSUPPORTED, or any other status for failure, as in the ABI.
  virtual int forward(const attest_forward& problem) = 0;
  /// Whether `forward` reads the optional input of this name in the ABI. Calls that have another are declined
  /// without it. As it stands, an implementation reads those of ABI version 1: whoever adds an input to the
  /// ABI overrides this where it is read.
  virtual bool reads(std::string_view input) const {
    constexpr std::array<std::string_view, 5> kOfVersion1{"bias", "mask", "alibi_slopes", "sink", "kv_lens"};
    return std::find(kOfVersion1.begin(), kOfVersion1.end(), input) != kOfVersion1.end();
  }
  /// Sets the number of threads for later calls. 0: as many as when it was opened (for a shared library,
  /// which does not report that number: one per processor). Returns false if the number cannot be set.
  virtual bool set_threads(int /*threads*/) { return false; }
  /// Later calls ask the operator in this form of its family's table. None: in a form of the kernel's own
  /// choice. In a form, problems that it does not express are declined. Returns false if there are no forms.
  virtual bool set_form(std::optional<std::size_t> /*form*/) { return false; }

  /// Set by the worker. forward calls it before it compiles for a device, which may take minutes.
  std::function<void()> compiles = [] {};
};

/// Whether `forward` reads every optional input that the problem has.
bool reads_inputs_of(const Implementation& implementation, const attest_forward& problem);

/// The forms of an operator: combinations of its attributes and optional inputs, with which one problem can
/// be asked in several ways.
struct FormTable {
  /// Their names, simple ones first: attributes joined by "; ".
  std::vector<std::string> (*names)(const std::string& variant) = nullptr;
  /// A problem that the form expresses.
  Problem (*draw)(const std::string& variant, std::size_t form, Draw& draw) = nullptr;
  /// The operator's output that the result stands for; empty: its first. Null: always that.
  std::string (*output)(const std::string& variant, std::size_t form) = nullptr;
};

/// A family of built-in adapters: its name on the command line and its variants ("" when it has only one).
struct AdapterFamily {
  std::string name;
  std::vector<std::string> variants;
  std::string summary;  ///< one line for `attest list kernels`
  std::unique_ptr<Implementation> (*open)(const std::string& variant);  ///< throws KernelOpenError
  /// Variants that exist, but not on this machine, each with the reason.
  std::vector<std::pair<std::string, std::string>> unavailable = {};
  FormTable forms = {};  ///< empty: the operators have one form
  /// More variants than most campaigns have the time for. The family's name alone does not stand for them.
  std::vector<std::string> named_variants = {};
  /// Variants that run on a device, behind a driver. The family's name alone does not stand for them.
  std::vector<std::string> device_variants = {};
};

const std::vector<AdapterFamily>& adapter_families();

}  // namespace attest::kernel
