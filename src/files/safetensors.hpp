// The safetensors format: an 8-byte little-endian header length, a JSON header, the tensors' bytes.
// https://github.com/huggingface/safetensors#format
#pragma once

#include "files/tensor_archive.hpp"

namespace attest::files {

/// Throws FileFormatError for anything that the format does not allow. Gaps between tensors are accepted.
TensorArchive parse_safetensors(ByteView file);

/// Tensors in row-major order, without gaps, which other readers refuse; the widest elements first, so that
/// each tensor is aligned to its elements. archive.foreign is not written.
Bytes safetensors_of(const TensorArchive& archive);

}  // namespace attest::files
