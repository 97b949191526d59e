// What kernels with a compressed cache hold of K and V.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "problem/problem.hpp"

namespace attest {

/// ggml's: blocks of 32 channels with a scale d in f16. With x the one of largest |x|,
/// - q8_0 holds d q, q in [-127, 127], d = |x| / 127;
/// - q4_0 and q5_0 hold d (n - 8) and d (n - 16), n of 4 and 5 bits, d = x / -8 and x / -16;
/// - q4_1 and q5_1 hold d n + m, in f32, with the minimum m in f16, d = (max - min) / 15 and / 31;
/// - iq4_nl holds d t, t one of 16 integers from -127 to 113, d = x / -127.
enum class KvStorage : std::uint8_t { as_given, f16, bf16, q8_0, q4_0, q4_1, q5_0, q5_1, iq4_nl };

std::string_view name_of(KvStorage storage);
std::optional<KvStorage> kv_storage_from_name(std::string_view name);
/// Every one, in order.
std::span<const KvStorage> kv_storages();

/// A cache may hold k and v differently.
struct KvStorages {
  KvStorage k = KvStorage::as_given, v = KvStorage::as_given;

  static KvStorages both(KvStorage storage) { return {storage, storage}; }
  bool operator==(const KvStorages&) const = default;
};

/// The tensor with each value replaced by one that the storage holds exactly, near it; rows are blocked along
/// the last axis, a last block may be shorter. What is too large for it becomes the largest that it holds.
/// Storing the result again changes nothing, as long as no scale underflows. Blocks that hold an infinity or
/// NaN stay as they are.
Tensor stored(const Tensor& tensor, KvStorage storage);
/// The same of k and v.
Problem stored(Problem problem, KvStorages storages);
inline Problem stored(Problem problem, KvStorage storage) {
  return stored(std::move(problem), KvStorages::both(storage));
}

/// Whether the storages hold every value of k and v: stored() would leave them.
bool holds(KvStorages storages, const Problem& problem);

}  // namespace attest
