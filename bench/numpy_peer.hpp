// numpy over OpenBLAS, as Debian packages them, in a process of its own.
#pragma once

#include <cstdint>
#include <string>

namespace attest::bench {

struct NumpyRun {
  double processor = 0, elapsed = 0;  ///< seconds of the fastest of several repeats
  std::string numpy, blas, core;      ///< version; path of the BLAS; the kernel that OpenBLAS chose
  std::string failure;                ///< why there is nothing, else empty
};

/// numpy_attention.py: form "full" or "blocked". Variables that hold OpenBLAS back are unset for it.
NumpyRun run_numpy(const std::string& form, std::int64_t queries, std::int64_t keys, std::int64_t head_dim,
                   int threads);

/// Whether the forms agree with plain loops.
bool numpy_is_right();

}  // namespace attest::bench
