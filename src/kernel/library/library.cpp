#include "kernel/library/library.hpp"

#include <algorithm>
#include <bit>
#include <filesystem>
#include <thread>
#include <utility>

#include <dlfcn.h>
#include <fmt/format.h>

#include "kernel/library/library_diagnosis.hpp"
#include "kernel/memory/case_memory.hpp"

namespace attest::kernel {
namespace {

using ForwardFunction = int(const attest_forward*);
using SetThreadsFunction = void(int);

// Never closed: a library that started threads, or registered handlers, cannot be unloaded safely.
void* load(const std::string& path) {
  if (std::string why = why_not_a_library(path); !why.empty()) throw KernelOpenError(why);
  // dlopen searches the system's directories for a name without a slash; attest was given a path.
  const std::string explicit_path = path.find('/') == std::string::npos ? "./" + path : path;
  void* library = ::dlopen(explicit_path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw KernelOpenError(describe_load_error(path, explicit_path, ::dlerror()));
  return library;
}

template <class Function>
Function* find(void* library, const std::string& symbol) {
  return reinterpret_cast<Function*>(::dlsym(library, symbol.c_str()));
}

ForwardFunction* find_forward(void* library, const LibrarySpec& spec) {
  const std::string symbol = spec.symbol.empty() ? kDefaultSymbol : spec.symbol;
  auto* forward = find<ForwardFunction>(library, symbol);
  if (forward == nullptr) throw KernelOpenError(describe_missing_symbol(spec.path, symbol));
  if (is_data(reinterpret_cast<void*>(forward))) {
    throw KernelOpenError(fmt::format("{} of {} is data, not a function", symbol, spec.path));
  }
  return forward;
}

std::string call_for_text(void* library, const std::string& symbol) {
  auto* function = find<const char*()>(library, symbol);
  const char* text = function != nullptr ? function() : nullptr;
  return text != nullptr ? text : "";
}

// What belongs to one symbol wins over what belongs to its library.
std::string declared_contract(void* library, const LibrarySpec& spec) {
  std::string contract;
  if (!spec.symbol.empty()) contract = call_for_text(library, spec.symbol + "_contract");
  if (contract.empty()) contract = call_for_text(library, "attest_kernel_contract");
  if (contract.size() > kLongestContract) {
    throw KernelOpenError(fmt::format("the contract that {} declares has {} characters; the limit is {}",
                                      spec.path, contract.size(), kLongestContract));
  }
  return contract;
}

std::size_t declared_alignment(void* library, const LibrarySpec& spec) {
  auto* function = find<std::size_t()>(library, "attest_kernel_alignment");
  const std::size_t alignment = function != nullptr ? function() : 0;
  if (alignment != 0 && (!std::has_single_bit(alignment) || alignment > kMaxAlignment)) {
    throw KernelOpenError(
        fmt::format("attest_kernel_alignment of {} returns {}; it must be a power of two of at most {}",
                    spec.path, alignment, kMaxAlignment));
  }
  return alignment;
}

KernelInfo describe_library(void* library, const LibrarySpec& spec) {
  KernelInfo info;
  info.name = call_for_text(library, "attest_kernel_name");
  if (info.name.empty()) info.name = std::filesystem::path(spec.path).filename().string();
  if (!spec.symbol.empty()) info.name += ":" + spec.symbol;
  info.contract = declared_contract(library, spec);
  info.alignment = declared_alignment(library, spec);
  return info;
}

class Library : public Implementation {
 public:
  Library(KernelInfo info, ForwardFunction* function, SetThreadsFunction* threads)
      : info_(std::move(info)), forward_(function), set_threads_(threads) {}
  KernelInfo info() const override { return info_; }
  int forward(const attest_forward& problem) override { return forward_(&problem); }
  bool reads(std::string_view /*input*/) const override { return true; }  // it declines by itself
  bool set_threads(int threads) override {
    if (set_threads_ == nullptr) return false;
    const int processors = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    set_threads_(threads > 0 ? threads : processors);
    return true;
  }

 private:
  KernelInfo info_;
  ForwardFunction* forward_;
  SetThreadsFunction* set_threads_;
};

}  // namespace

std::unique_ptr<Implementation> open_library(const LibrarySpec& spec) {
  void* library = load(spec.path);
  ForwardFunction* forward = find_forward(library, spec);
  return std::make_unique<Library>(describe_library(library, spec), forward,
                                   find<SetThreadsFunction>(library, "attest_kernel_set_threads"));
}

}  // namespace attest::kernel
