// The name of a kernel on the command line: a built-in adapter and variant, or a shared library and symbol.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "files/axis_order.hpp"
#include "kernel/implementation.hpp"

namespace attest::kernel {

struct AdapterSpec {
  std::string family;
  std::string variant;        ///< empty: the one without a name
  bool whole_family = false;  ///< no variant was named ("onednn:" names the empty one)
  std::string form = {};      ///< of its operator; empty: any
};

struct LibrarySpec {
  std::string path;
  std::string symbol;  ///< empty: attest_kernel_forward
};

using KernelSpec = std::variant<AdapterSpec, LibrarySpec>;

/// Parses "family", "family:variant", "family:variant[form]", "path" or "path:symbol". A spec is a path if it
/// contains '/' or ".so" or names an existing file. It splits at its last ':' unless a file of the whole name
/// exists. Throws KernelOpenError, which lists the known adapters, for anything else.
KernelSpec parse_kernel_spec(const std::string& spec);

struct CommandSpec {
  std::string command;
  files::AxisOrder order = files::AxisOrder::bhtd;  ///< of q, k, v and out in its files
};

/// Of "exec:COMMAND", or "exec-bthd:COMMAND" for a command whose files hold q, k, v and out in that order.
std::optional<CommandSpec> command_of_spec(const std::string& spec);

/// The spec for files in this order. Precondition: command_of_spec(spec).
std::string with_axis_order(const std::string& spec, files::AxisOrder order);

/// A spec as it is written in a file of `folder`, so that it is found again from there: relative paths of
/// libraries become relative to the folder. Other specs stay.
std::string spec_in_folder(const std::string& spec, const std::filesystem::path& folder);

/// The reverse: a relative path of a library leads from `folder`, or, where there is no such file, from the
/// current folder.
std::string spec_from_folder(const std::string& spec, const std::filesystem::path& folder);

/// The place of the spec's form in its family's table; none if it has no such form.
std::optional<std::size_t> form_number(const AdapterSpec& spec);
/// Whether the kernel runs on a device, behind a driver, rather than in its process.
bool computes_on_device(const std::string& spec);

/// Null for an unknown name.
const AdapterFamily* find_adapter_family(const std::string& name);

}  // namespace attest::kernel
