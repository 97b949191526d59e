// How much a model can hold: its state as an RNN, its KV cache, and what a fixed memory cannot write down.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace attest {

struct CapacityShape {
  std::string name;
  std::uint64_t layers = 0, hidden = 0;
  std::uint64_t q_heads = 0, kv_heads = 0, head_dim = 0;
};

/// Number formats that states and caches are kept in.
struct StoredType {
  std::string name;
  std::uint64_t bits;
};
const std::vector<StoredType>& stored_types();

/// Components of the state as an RNN: at least 2 layers * hidden (a numerator and a denominator's worth for
/// every residual component of a layer).
std::uint64_t state_components(const CapacityShape& shape);
/// Components that one token adds to a KV cache: 2 layers * kv_heads * head_dim.
std::uint64_t cache_components(const CapacityShape& shape, std::uint64_t kv_heads);

/// Published shapes, each from the paper or configuration file of its release.
const std::vector<CapacityShape>& known_models();

/// 2^x in decimal has floor(x log10 2) + 1 digits.
std::uint64_t digits_of_power(std::uint64_t x);
/// The least x for which the decimal digits of 2^x, at log2(10) bits each, need more than `bits` bits.
std::uint64_t power_beyond(std::uint64_t bits);

/// "2.5 MiB", "320 KiB", "512 B": binary units, at most two decimals.
std::string bytes_text(std::uint64_t bytes);

}  // namespace attest
