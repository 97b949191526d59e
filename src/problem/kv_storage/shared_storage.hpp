// Keys and values that two compressed caches hold alike.
#pragma once

#include "problem/kv_storage.hpp"

namespace attest {

/// k and v replaced by values that both caches hold, near them where rounding to one and then to the other
/// finds some. Otherwise they lie on the coarser grid that the two storages of a tensor have in common
/// (shared_storage.cpp): multiples of a power of two, of which each block of q8_0 has a largest of 127, one
/// of q4_0 and q4_1 one of 8, one of q5_0 and q5_1 one of 16; q8_0 with q4_0 or q5_0 leaves 0 and one other
/// number in each block. What has no grid (q8_0 with q4_1 or q5_1, q5_1 with 4 bits, iq4_nl with 4 or 5 bits)
/// and blocks that hold an infinity or NaN may stay as they are.
Problem stored_in_both(Problem problem, KvStorages one, KvStorages other);

}  // namespace attest
