// A forward problem as operands of ggml_flash_attn_ext.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "kernel/adapters/ggml/api.hpp"
#include "kernel/adapters/request.hpp"

namespace attest::kernel::ggml {

/// Where the rows (extents[0] elements each) of a view lie, counted in rows.
struct RowPlace {
  std::int64_t room = 0;  ///< rows of the tensor that is viewed
  std::int64_t first = 0, next_row = 1, next_head = 1, next_batch = 1;
};

/// A tensor in ggml's order: extents[0] varies fastest.
struct Array {
  Type type = Type::f32;
  std::int64_t extents[4] = {1, 1, 1, 1};
  std::vector<std::byte> data;
  std::optional<RowPlace> place{};  ///< none: dense
};

struct Operands {
  Array q, k, v;
  std::optional<Array> mask;   ///< f16, [kv_len, q_len, heads or 1, batch or 1]
  std::optional<Array> sinks;  ///< f32, [heads]
  float scale = 1, max_bias = 0, softcap = 0;
  bool v_in_k = false;  ///< v, of k's type, is the first channels of k, and not passed
};

/// ALiBi's max_bias for which ggml's slopes are these, to the bit; nullopt when there is none.
std::optional<float> max_bias_of(const std::vector<double>& slopes);

/// Empty for what the operator does not express:
/// - lse: it returns none;
/// - q that is not f32, K and V in f64: "Q f32" is asserted, and there is no such cache;
/// - no batch, query or key: no document speaks of tensors without elements;
/// - a scale or softcap that f32 does not hold as a number;
/// - a bias that f16 does not hold exactly: the mask is f16; with ALiBi any bias but 0 and -inf, because the
///   slope multiplies it, distances above 2048, and slopes other than ggml's;
/// - a sink of -inf (none): no document speaks of it, and 0.25 gives NaN for a row without visible keys;
/// - with a `cache` that is not f32 for both: K and V that are not f32 or that it does not hold exactly. What
///   the problem says is computed on, so the loss of quantisation is never taken for an error of attention.
/// Rows of blocks are padded to 32 channels with their last value, which meets zeros of q.
std::optional<Operands> operands_of(const attest_forward& problem, CacheTypes cache, const Api& api);

}  // namespace attest::kernel::ggml
