// Inputs and outputs captured elsewhere: a GPU, a training job, another machine.
#pragma once

#include <string>

#include "problem/problem.hpp"

namespace attest {

struct Capture {
  Problem problem;
  Result result;
  std::string contract;  ///< of the kernel, as its metadata declares it; empty: not declared
};

/// Whether a path names a capture by its look: *.safetensors, *.npz, or a folder that holds q.npy.
bool looks_like_capture(const std::string& path);

/// Reads one (see problem_archive.hpp for the names; in NumPy's formats texts are strings and numbers without
/// axes, and a folder holds one .npy file a name). Throws FileFormatError that names the path.
Capture read_capture(const std::string& path);

}  // namespace attest
