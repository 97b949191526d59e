#include "kernel/opencl/opencl.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "kernel/opencl/call.hpp"
#include "kernel/opencl/description.hpp"
#include "kernel/opencl/device.hpp"
#include "kernel/opencl/operands.hpp"
#include "kernel/opencl/race_log.hpp"
#include "kernel/unavailable.hpp"
#include "problem/quote.hpp"

namespace attest::kernel {
namespace {

using namespace opencl;

// The variable that names another library than the loader of all drivers.
constexpr const char* kLibraryVariable = "ATTEST_OPENCL_LIBRARY";
constexpr const char* kLoader = "libOpenCL.so.1";
constexpr const char* kOclgrind = "/usr/lib/oclgrind/liboclgrind-rt-icd.so";  // of Debian's package
// Products of channels that a simulated call may have: it takes some tenths of a second.
constexpr double kMostSimulatedProducts = 1 << 15;
constexpr std::size_t kMostBytes = std::size_t{1} << 28;  // of a buffer
constexpr std::size_t kProgramsKept = 64;

std::string text_of(const std::string& path) {
  std::error_code none;
  if (std::filesystem::file_size(path, none) > kLongestSource && !none)
    throw KernelOpenError(fmt::format("{} has more than {} bytes", quote(path), kLongestSource));
  std::ifstream file(path, std::ios::binary);
  if (!file) throw KernelOpenError(fmt::format("cannot open {}: {}", quote(path), std::strerror(errno)));
  return {std::istreambuf_iterator<char>(file), {}};
}

KernelDescription described(const OpenClSpec& spec, const std::string& source) {
  std::vector<KernelDescription> kernels;
  try {
    kernels = parse_descriptions(source);
  } catch (const DescriptionError& error) {
    throw KernelOpenError(fmt::format("{}: {}", quote(spec.path), error.what()));
  }
  if (kernels.empty())
    throw KernelOpenError(
        fmt::format("{} describes no kernel: comments '// attest: kernel NAME' and so on (docs/gpu.md)",
                    quote(spec.path)));
  std::string names;
  for (KernelDescription& kernel : kernels) {
    if (kernel.name == spec.entry || (spec.entry.empty() && kernels.size() == 1)) return std::move(kernel);
    names += (names.empty() ? "" : ", ") + kernel.name;
  }
  throw KernelOpenError(fmt::format("{} describes {}; name one: {}", quote(spec.path), quote(names, 80),
                                    quote(fmt::format("opencl:{}:{}", spec.path, kernels[0].name), 60)));
}

// PoCL compiles for its threads of the CPU; in the calling one a crash is the call's, and results do not
// depend on the number of cores.
std::unique_ptr<Device> open_device(bool races) {
  if (!races) {
    ::setenv("POCL_DEVICES", "basic", 0);
    ::setenv("POCL_CACHE_DIR", ATTEST_CACHE_DIR "/pocl", 0);
    std::error_code none;  // PoCL compiles anew where it cannot be made
    std::filesystem::create_directories(ATTEST_CACHE_DIR "/pocl", none);
    const char* named = std::getenv(kLibraryVariable);
    return std::make_unique<Device>(named != nullptr && *named != '\0' ? named : kLoader, Guard::canaries);
  }
  std::error_code none;
  if (!std::filesystem::exists(kOclgrind, none))
    throw KernelUnavailable("oclgrind is not installed; ./attest setup --gpu installs it");
  ::setenv("OCL_ICD_VENDORS", kOclgrind, 1);  // the only driver
  return std::make_unique<Device>(kLoader, Guard::driver);
}

class OpenClKernel final : public Implementation {
 public:
  explicit OpenClKernel(const OpenClSpec& spec)
      : spec_(spec),
        source_(text_of(spec.path)),
        kernel_(described(spec, source_)),
        log_(spec.races ? std::make_unique<RaceLog>() : nullptr),
        device_(open_device(spec.races)) {
    warm_up();
  }

  KernelInfo info() const override {
    return {.name = text_of_spec(spec_), .version = device_->description(), .contract = kernel_.contract};
  }

  int forward(const attest_forward& problem) override {
    const adapters::Request request = adapters::read_request(problem);
    const Variables variables = variables_of(request);
    if (!takes(kernel_, problem, request, variables) || too_large(problem, request))
      return ATTEST_UNSUPPORTED;
    const std::optional<Launch> launch = launch_of(kernel_, problem, variables);
    if (!launch) return ATTEST_UNSUPPORTED;
    // PoCL compiles once more for each size of a work group.
    if (compiled_.insert({launch->options, launch->local}).second) compiles();
    Violation violation = run(*launch, problem, request);
    if (violation.kind != Trespass::none) throw DeviceTrespass(violation.kind, violation.text);
    return ATTEST_OK;
  }

 private:
  // What the driver does to its process when it compiles and runs for the first time belongs to loading it.
  void warm_up() {
    const Owned<Program> program = device_->program("__kernel void f(__global int *x) { x[0] = 1; }", "");
    const Owned<Entry> kernel = device_->kernel(program.get(), "f");
    GuardedBuffer buffer(*device_, std::vector<std::byte>(sizeof(int)));
    Memory* argument = buffer.argument();
    require(device_->api().SetKernelArg(kernel.get(), 0, sizeof argument, static_cast<void*>(&argument)),
            "clSetKernelArg");
    run_range(*device_, kernel.get(), {1}, {});
    if (kernel_.defines.empty()) built("");
  }

  bool too_large(const attest_forward& problem, const adapters::Request& r) const {
    for (const Argument& argument : kernel_.arguments) {
      if (argument.kind == Argument::Kind::buffer &&
          packed_bytes(argument.buffer, problem, r) > std::min(kMostBytes, device_->largest_buffer() / 2))
        return true;
    }
    const double products = static_cast<double>(r.batch * r.q_heads) * static_cast<double>(r.q_len) *
                            static_cast<double>(r.kv_len) * static_cast<double>(r.qk_dim + r.v_dim);
    return spec_.races && products > kMostSimulatedProducts;
  }

  struct Built {
    Owned<Program> program;
    Owned<Entry> kernel;
  };

  Entry* built(const std::string& options) {
    auto known = programs_.find(options);
    if (known == programs_.end()) {
      if (programs_.size() == kProgramsKept) programs_.clear();
      Built made;
      made.program = device_->program(source_, options);
      made.kernel = device_->kernel(made.program.get(), kernel_.name);
      known = programs_.emplace(options, std::move(made)).first;
    }
    return known->second.kernel.get();
  }

  Violation run(const Launch& launch, const attest_forward& problem, const adapters::Request& request) {
    Violation violation = run_call(*device_, built(launch.options), kernel_, launch, problem, request);
    if (!log_ || violation.kind != Trespass::none) return violation;
    return log_->take();
  }

  OpenClSpec spec_;
  std::string source_;
  KernelDescription kernel_;
  std::unique_ptr<RaceLog> log_;
  std::unique_ptr<Device> device_;
  std::map<std::string, Built> programs_;  ///< by their options
  std::set<std::pair<std::string, std::vector<std::size_t>>> compiled_;
};

}  // namespace

std::unique_ptr<Implementation> open_opencl(const OpenClSpec& spec) {
  return std::make_unique<OpenClKernel>(spec);
}

}  // namespace attest::kernel
