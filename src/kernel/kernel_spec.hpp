// What a user names as a kernel: a built-in adapter and its variant, or a shared library and its symbol.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "kernel/implementation.hpp"

namespace attest {

struct AdapterSpec {
  std::string family;
  std::string variant;        ///< empty: the one without a name
  bool whole_family = false;  ///< no variant was named, not even the empty one ("onednn:")
};

struct LibrarySpec {
  std::string path;
  std::string symbol;  ///< empty: attest_kernel_forward
};

using KernelSpec = std::variant<AdapterSpec, LibrarySpec>;

/// Reads "family", "family:variant", "path" or "path:symbol". A spec is a path when it contains '/' or ".so"
/// or names an existing file; it splits at its last ':' unless a file of the whole name exists. Throws
/// KernelOpenError, naming the known adapters, for anything else.
KernelSpec parse_kernel_spec(const std::string& spec);

/// The command of "exec:COMMAND", which has no other kind of spec.
std::optional<std::string> command_of_spec(const std::string& spec);

/// Null for an unknown name.
const AdapterFamily* find_adapter_family(const std::string& name);

}  // namespace attest
