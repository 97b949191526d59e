// Heads and dim in one axis.
#pragma once

#include "files/tensor_archive.hpp"

namespace attest::files {

/// Gives q, k, v and out of rank 3 four axes (see abi_forms.hpp), and checks q_heads and kv_heads against
/// those that have them already. Throws FileFormatError.
void split_heads(TensorArchive& archive);

}  // namespace attest::files
