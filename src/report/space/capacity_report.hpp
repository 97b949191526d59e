// What models can hold, as JSON and on a terminal.
#pragma once

#include "report/header.hpp"
#include "space/capacity.hpp"

namespace attest::report {

/// Precondition of both: every count of the shape fits in 64 bits at every length and type.
///
/// {name, layers, hidden, q_heads, kv_heads, head_dim, state_components, cache_components_per_token,
/// cache_components_per_token_mha, state_in_cache_tokens, state_in_cache_tokens_mha, types[]}: types[] of
/// {type, bits, state_bytes, cache_bytes_per_token, cache[] {length, bytes, bytes_mha}, decimal_digits,
/// first_power}.
Json capacity_json(const space::CapacityShape& shape, const std::vector<std::uint64_t>& lengths);
std::string capacity_text(const space::CapacityShape& shape, const std::vector<std::uint64_t>& lengths);

/// The table of released models, each at every type.
std::string known_models_text();

}  // namespace attest::report
