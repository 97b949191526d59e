// The kernels that one ggml package holds: a library for each generation of x86-64 CPUs, and ways to call it.
#pragma once

#include <string>
#include <vector>

#include "kernel/adapters/ggml/api.hpp"

namespace attest::kernel::ggml {

struct Variant {
  std::string name;
  std::string cpu;     ///< the backend's library is libggml-cpu-CPU.so
  CacheTypes cache{};  ///< what K and V are stored in; both f32: as the problem gives them
  Precision precision = Precision::standard;
  int threads = 1;
  bool bf16_products = false;  ///< as in CpuLibrary
};

/// Names of the CPU libraries in the package, and the part of their requirements that this CPU lacks; empty:
/// it runs here. In the order of the package's preferences, the best last.
struct CpuLibrary {
  std::string name;
  std::string lacking;
  bool bf16_products = false;  ///< multiplies bf16 by VDPBF16PS (AVX-512 BF16)
};
const std::vector<CpuLibrary>& cpu_libraries();

/// One variant a CPU library that runs here; then, with the best of them: a variant for f16, bf16, q8_0 and
/// q4_0, for GGML_PREC_F32, and for two threads.
const std::vector<Variant>& variants();

/// With the best library: the other types that llama.cpp has for a cache, and K and V of every two of them,
/// "q8_0-f16". 76 that few campaigns have the time for.
const std::vector<Variant>& cache_variants();

/// Of both lists.
const Variant* find_variant(const std::string& name);

}  // namespace attest::kernel::ggml
