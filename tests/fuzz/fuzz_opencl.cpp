// Any text: what a .cl file says of its kernels is understood or refused, their expressions have a value or
// none, and so is what oclgrind prints.
#include <string>

#include "fuzz_input.hpp"
#include "kernel/opencl/description.hpp"
#include "kernel/opencl/race_log.hpp"

namespace {

using namespace attest::kernel;

void evaluate(const opencl::KernelDescription& kernel, std::int64_t extent) {
  const std::vector<std::int64_t> values(opencl::kVariables, extent);
  for (const auto* list : {&kernel.global, &kernel.local, &kernel.conditions}) {
    for (const opencl::Expression& each : *list) each.value(values);
  }
  for (const opencl::Define& define : kernel.defines) define.value.value(values);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    for (const opencl::KernelDescription& kernel : opencl::parse_descriptions(text)) {
      attest::test::require(kernel.takes(opencl::Buffer::out) && !kernel.global.empty(),
                            "a kernel that cannot be called");
      for (const std::int64_t extent :
           {std::int64_t{0}, std::int64_t{-1}, std::int64_t{3}, INT64_MAX, INT64_MIN})
        evaluate(kernel, extent);
    }
  } catch (const opencl::DescriptionError& error) {
    attest::test::require_short(error.what());
  }
  const opencl::Violation seen = opencl::first_violation(text);
  if (seen.kind != Trespass::none) attest::test::require_short(seen.text.c_str());
  return 0;
}
