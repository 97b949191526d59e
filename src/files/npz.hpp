// NumPy's .npz format: a zip archive of .npy files, compressed or not.
#pragma once

#include "files/tensor_archive.hpp"

namespace attest::files {

/// Reads every member NAME.npy under NAME; other members are left out. Throws FileFormatError, also where the
/// members would take more than 16 GiB.
TensorArchive parse_npz(ByteView file);

}  // namespace attest::files
