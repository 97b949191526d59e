// Reads inputs and outputs that were captured elsewhere: on a GPU, in a training job, on another machine.
#pragma once

#include <optional>
#include <string>

#include "files/axis_order.hpp"
#include "problem/problem.hpp"

namespace attest::files {

struct Capture {
  Problem problem;
  Result result;
  std::string contract;  ///< the kernel's contract as declared in the metadata; empty: not declared
};

/// Whether a path looks like a capture: *.safetensors, *.npz, or a folder.
bool looks_like_capture(const std::string& path);

/// Reads one (abi_forms.hpp says in which shapes and types; see problem_archive.hpp and
/// names.hpp for the names; in NumPy's formats texts are strings and numbers without axes, and a folder holds
/// one .npy file a name). `order` replaces the file's layout. Throws FileFormatError that names the path.
/// Takes no memory for a file that it refuses, beyond what its well-formed tensors need.
Capture read_capture(const std::string& path, std::optional<AxisOrder> order = std::nullopt);

}  // namespace attest::files
