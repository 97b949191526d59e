// Any text: the name of a kernel is understood or refused, never more.
#include "fuzz_input.hpp"
#include "kernel/kernel_spec.hpp"
#include "kernel/python/launch.hpp"

namespace attest::kernel {

// Names alone: nothing is opened here, so that no library of kernels is linked.
const std::vector<AdapterFamily>& adapter_families() {
  static const std::vector<AdapterFamily> families{
      {.name = "one", .variants = {""}, .summary = "", .open = nullptr},
      {.name = "several", .variants = {"", "a", "b"}, .summary = "", .open = nullptr}};
  return families;
}

// Nor is an interpreter asked what it has.
std::string python_interpreter() { return "python3"; }

std::vector<std::pair<std::string, std::string>> python_kernels(const std::string& family) {
  return {{family + ":one", ""}, {family + ":other", "it is not installed"}};
}

}  // namespace attest::kernel

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace attest;
  const std::string spec(reinterpret_cast<const char*>(data), size);
  try {
    if (kernel::command_of_spec(spec)) {
      const std::string other = kernel::with_axis_order(spec, files::AxisOrder::bthd);
      test::require(kernel::command_of_spec(other)->command == kernel::command_of_spec(spec)->command,
                    "a command that changes with its order of axes");
    } else {
      kernel::expand_kernel_spec(spec);
    }
    kernel::spec_from_folder(kernel::spec_in_folder(spec, "findings"), "findings");
  } catch (const kernel::KernelOpenError& error) {
    test::require_short(error.what());
  }
  return 0;
}
