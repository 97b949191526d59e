// The name of a kernel on the command line: a built-in adapter and variant, or a shared library and symbol.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "kernel/implementation.hpp"

namespace attest::kernel {

struct AdapterSpec {
  std::string family;
  std::string variant;        ///< empty: the one without a name
  bool whole_family = false;  ///< no variant was named ("onednn:" names the empty one)
};

struct LibrarySpec {
  std::string path;
  std::string symbol;  ///< empty: attest_kernel_forward
};

using KernelSpec = std::variant<AdapterSpec, LibrarySpec>;

/// Parses "family", "family:variant", "path" or "path:symbol". A spec is a path if it contains '/' or ".so"
/// or names an existing file. It splits at its last ':' unless a file of the whole name exists. Throws
/// KernelOpenError, which lists the known adapters, for anything else.
KernelSpec parse_kernel_spec(const std::string& spec);

/// The command of a spec "exec:COMMAND".
std::optional<std::string> command_of_spec(const std::string& spec);

/// Null for an unknown name.
const AdapterFamily* find_adapter_family(const std::string& name);

}  // namespace attest::kernel
