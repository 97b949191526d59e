// What kernels with a compressed cache hold of K and V.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "problem/problem.hpp"

namespace attest {

/// q8_0 and q4_0 (ggml's): blocks of 32 channels that share a scale d in f16. q8_0 holds d q, q in [-127,
/// 127], with d the largest |x| / 127; q4_0 holds d (n - 8), n in [0, 15], with d the x of largest |x| / -8.
enum class KvStorage : std::uint8_t { as_given, f16, bf16, q8_0, q4_0 };

std::string_view name_of(KvStorage storage);
std::optional<KvStorage> kv_storage_from_name(std::string_view name);

/// The tensor with each value replaced by one that the storage holds exactly, near it; rows are blocked along
/// the last axis, a last block may be shorter. What is too large for it becomes the largest that it holds.
/// Storing the result again changes nothing, as long as no scale underflows. Blocks that hold an infinity or
/// NaN stay as they are.
Tensor stored(const Tensor& tensor, KvStorage storage);
/// The same of k and v.
Problem stored(Problem problem, KvStorage storage);

/// Whether the storage holds every value of k and v: stored() would leave them.
bool holds(KvStorage storage, const Problem& problem);

}  // namespace attest
