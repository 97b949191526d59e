// NumPy's .npy format, versions 1 to 3.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#pragma once

#include <string>

#include "files/byte_source.hpp"
#include "files/tensor_archive.hpp"

namespace attest::files {

/// Puts the source's array under this name: floats (bfloat16 as ml_dtypes stores it, 2-byte void, too),
/// booleans, u1, i4, and i8 where every element fits into i4 become tensors, in the file's order of axes in
/// memory; strings and arrays of one number without axes become texts (a boolean True or False); the rest is
/// foreign. Reads from the begin to the end, and takes memory only for what the source holds. Throws
/// FileFormatError.
void parse_npy(const ByteSource& source, const std::string& name, TensorArchive& archive);
void parse_npy(ByteView file, const std::string& name, TensorArchive& archive);

}  // namespace attest::files
