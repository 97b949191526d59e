// What a kernel keeps from one call to the next.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "faults/kernels/tiled.hpp"

namespace attest::faults::faulty {

/// The scalars of a call, as a compiled program would hold them.
struct Scalars {
  double scale = 1;
  std::int64_t window_left = -1, window_right = -1;
  std::vector<std::int32_t> kv_lens;  ///< empty: none
};
Scalars scalars_of(const attest_forward& problem);

/// Of one kernel: it knows calls by the shapes and dtypes of q, k and v, and by whether there are kv_lens.
/// Several threads may share it.
class Memory {
 public:
  /// The scalars of the first call that looked like this one, which may be this one.
  Scalars first_like(const attest_forward& problem);
  void forget();

 private:
  std::mutex mutex_;
  std::map<std::vector<std::int64_t>, Scalars> first_;
};

}  // namespace attest::faults::faulty
