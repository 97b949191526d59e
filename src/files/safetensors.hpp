// The safetensors format: an 8-byte little-endian header length, a JSON header, the tensors' bytes.
// https://github.com/huggingface/safetensors#format
#pragma once

#include "files/byte_source.hpp"
#include "files/tensor_archive.hpp"

namespace attest::files {

/// The largest header.
inline constexpr std::uint64_t kMostHeaderBytes = std::uint64_t{1} << 20;

/// Throws FileFormatError for anything that the format does not allow: overlapping tensors and names given
/// twice among it. Gaps between tensors are accepted. Memory stays below the source's size and the limits of
/// tensor_archive.hpp.
TensorArchive parse_safetensors(const ByteSource& source, const NameCheck& check = {});
TensorArchive parse_safetensors(ByteView file, const NameCheck& check = {});

/// Tensors in row-major order, without gaps, which other readers refuse; the widest elements first, so that
/// each tensor is aligned to its elements. archive.foreign is not written.
Bytes safetensors_of(const TensorArchive& archive);

}  // namespace attest::files
