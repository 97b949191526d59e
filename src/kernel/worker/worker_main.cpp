#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "kernel/kernel_spec.hpp"
#include "kernel/library/library.hpp"
#include "kernel/opencl/opencl.hpp"
#include "kernel/opencl_spec.hpp"
#include "kernel/python/launch.hpp"
#include "kernel/python_spec.hpp"
#include "kernel/worker/host.hpp"
#include "kernel/worker/origin.hpp"
#include "kernel/worker/supervisor.hpp"
#include "kernel/worker/worker_guard.hpp"

namespace attest::kernel {
namespace {

std::unique_ptr<Implementation> open_implementation(const std::string& text) {
  if (const auto opencl = opencl_of_spec(text)) return open_opencl(*opencl);
  const KernelSpec spec = parse_kernel_spec(text);
  if (const auto* library = std::get_if<LibrarySpec>(&spec)) return open_library(*library);
  const auto& adapter = std::get<AdapterSpec>(spec);
  const AdapterFamily& family = *find_adapter_family(adapter.family);
  const auto& variants = family.variants;
  const bool known =
      !adapter.whole_family || std::find(variants.begin(), variants.end(), adapter.variant) != variants.end();
  if (!known) {
    throw KernelOpenError(fmt::format("{} stands for several kernels; name one of: {}", text,
                                      fmt::join(expand_kernel_spec(text), ", ")));
  }
  std::unique_ptr<Implementation> implementation = family.open(adapter.variant);
  if (!adapter.form.empty()) implementation->set_form(form_number(adapter));
  return implementation;
}

// An error that does not name the kernel gets its name.
std::unique_ptr<Implementation> open_named(const std::string& spec) {
  try {
    return open_implementation(spec);
  } catch (const KernelOpenError&) {
    throw;
  } catch (const std::exception& error) {
    throw KernelOpenError("cannot open " + spec + ": " + error.what());
  }
}

// Not for a spec that does not parse: opening it says why.
bool is_adapter(const std::string& spec) {
  try {
    return std::holds_alternative<AdapterSpec>(parse_kernel_spec(spec));
  } catch (const KernelOpenError&) {
    return false;
  }
}

}  // namespace

int worker_main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("this mode is internal: attest uses it to run a kernel in a separate process\n", stderr);
    return 64;
  }
  const auto tool = static_cast<pid_t>(std::strtol(argv[2], nullptr, 10));
  const std::string spec = argv[3];
  hide_origin(argc, argv);
  split_off_worker(tool);
  guard_worker();
  if (is_python_spec(spec)) refuse_kernel(exec_python_worker(spec));
  // A driver compiles, starts threads and handles signals; what it runs has no system calls.
  if (computes_on_device(spec)) {
    host_kernel({.open = [&] { return open_named(spec); },
                 .confined = Confined::never,
                 .loading = LoadingCounts::flushing});
  }
  host_kernel({.open = [&] { return open_named(spec); },
               .loading = is_adapter(spec) ? LoadingCounts::except_variables : LoadingCounts::everything});
}

}  // namespace attest::kernel
