// What oclgrind writes about a call, and the first of it in a line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kernel/kernel.hpp"
#include "kernel/process/file_descriptor.hpp"

namespace attest::kernel::opencl {

/// What a simulated call did wrong.
struct Violation {
  Trespass kind = Trespass::none;
  std::string text;  ///< "read-write data race on local memory: line 41 'sum += part[j];' and line 38 ..."
};

/// The first message of a log; none for an empty one. Of any text: the log quotes the kernel's source.
Violation first_violation(std::string_view log);

/// The file that oclgrind writes to; the environment variables that say so, and what it is to look for, are
/// set when this is made, before oclgrind is loaded. Throws std::system_error.
class RaceLog {
 public:
  RaceLog();
  /// The first message since the last call.
  Violation take();

 private:
  FileDescriptor file_;
  std::int64_t read_ = 0;  ///< bytes of the file
};

}  // namespace attest::kernel::opencl
