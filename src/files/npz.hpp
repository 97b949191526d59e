// NumPy's .npz format: a zip archive of .npy files, compressed or not.
#pragma once

#include "files/tensor_archive.hpp"

namespace attest::files {

/// Reads every member NAME.npy under NAME; other members are left out. Throws FileFormatError, also for a
/// name given twice, and where the members unpack to more than 64 times the file and 256 MiB, or to more than
/// kMostFileBytes.
TensorArchive parse_npz(ByteView file, const NameCheck& check = {});
/// The same from a file. Messages do not name the path.
TensorArchive read_npz(const std::string& path, const NameCheck& check = {});

}  // namespace attest::files
