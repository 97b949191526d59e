// The name of a kernel in OpenCL C: "opencl:FILE.cl[:entry]", or "opencl-races:FILE.cl[:entry]" for its calls
// under oclgrind.
#pragma once

#include <optional>
#include <string>

namespace attest::kernel {

struct OpenClSpec {
  std::string path;
  std::string entry;  ///< empty: the only one that the file describes
  bool races = false;
};

/// None for another kind of kernel. The path ends where ".cl" does.
std::optional<OpenClSpec> opencl_of_spec(const std::string& spec);

/// The reverse.
std::string text_of_spec(const OpenClSpec& spec);

}  // namespace attest::kernel
