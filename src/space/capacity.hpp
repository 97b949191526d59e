// How much a model can hold: its state as an RNN, its KV cache, and what a fixed memory cannot write down.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace attest::space {

struct CapacityShape {
  std::string name;
  std::uint64_t layers = 0, hidden = 0;
  std::uint64_t q_heads = 0, kv_heads = 0, head_dim = 0;
};

/// A number format that states and caches are kept in.
struct StoredType {
  std::string name;
  std::uint64_t bits;
};
const std::vector<StoredType>& stored_types();

/// Components of the state as an RNN, at least 2 * layers * hidden: of a layer's frame the residual input and
/// the numerator. None when a count exceeds 64 bits, as below.
std::optional<std::uint64_t> state_components(const CapacityShape& s);
/// Components that `length` tokens take in a KV cache: 2 * layers * kv_heads * head_dim each.
std::optional<std::uint64_t> cache_components(const CapacityShape& s, std::uint64_t kv_heads,
                                              std::uint64_t length);
std::optional<std::uint64_t> bits_of(std::optional<std::uint64_t> components, const StoredType& type);

/// Shapes of released models, from their papers or configuration files.
const std::vector<CapacityShape>& known_models();

/// Decimal digits that fit, at log2(10) bits each.
std::uint64_t digits_in(std::uint64_t bits);
/// The least x for which 2^x, of floor(x log10 2) + 1 digits, has more digits than fit.
std::uint64_t power_beyond(std::uint64_t bits);

/// "2.5 MiB", "320 KiB", "4 bits": binary units, at most two decimals.
std::string bytes_text(std::uint64_t bits);

}  // namespace attest::space
