// The name of a kernel that is a Python function.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace attest::kernel {

/// Of "py:MODULE:FUNCTION" with options after commas (",signature=flash-attn,device=cuda"), where MODULE is a
/// dotted name or the path of a file that ends in .py, and of "torch:sdpa-math" and the like. What the rest
/// means is known to python/attest/specs.py alone.
bool is_python_spec(std::string_view spec);

/// "torch" of "torch" and "torch:sdpa-math": the Python framework whose kernels attest knows by name. None
/// for anything else.
std::optional<std::string> python_family_of(std::string_view spec);
const std::vector<std::string>& python_families();

/// Whether the spec names a framework alone and so all its kernels.
bool is_python_family(std::string_view spec);

/// The path of the file in "py:PATH.py:FUNCTION"; none where the module is a dotted name.
std::optional<std::string> python_file_of(const std::string& spec);
/// Precondition: python_file_of(spec).
std::string with_python_file(const std::string& spec, const std::string& path);

/// The spec with the options that a command line names; empty ones are left out. Options that the spec names
/// itself stay.
std::string with_python_options(std::string spec, const std::string& signature, const std::string& device);

}  // namespace attest::kernel
