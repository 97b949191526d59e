// One attention problem: the tensors and parameters of attest_forward, owned.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "problem/tensor.hpp"

namespace attest {

enum class Causal : std::uint8_t { none = 0, top_left = 1, bottom_right = 2 };

/// Shapes as in include/attest/kernel.h:
///   q [batch, q_heads, q_len, qk_dim], k [batch, kv_heads, kv_len, qk_dim], v [batch, kv_heads, kv_len,
///   v_dim]; bias (f32) and mask (u8) [batch|1, q_heads|1, q_len|1, kv_len]; alibi_slopes, sink (f32)
///   [q_heads]; kv_lens (i32) [batch].
struct Problem {
  Tensor q, k, v;
  double scale = 1;
  Causal causal = Causal::none;
  std::int64_t window_left = -1;
  std::int64_t window_right = -1;
  double softcap = 0;
  std::optional<Tensor> bias, mask, alibi_slopes, sink, kv_lens;
  bool want_lse = true;

  /// The position of row 0 among the keys, of every batch, instead of the one that the ABI gives it. Only
  /// captures have it: no kernel is called with such a problem.
  std::optional<std::int64_t> q_start;

  /// Strides of out and lse in a kernel's memory, in elements; empty: row-major. Far ones cost no memory.
  std::vector<std::int64_t> out_strides, lse_strides;
  /// Wishes to put two inputs at one address. Each holds while the two are the same in memory (see
  /// k_lies_in_q and v_lies_in_k), so that a change of one of them ends it.
  bool q_is_k = false, k_is_v = false;

  std::int64_t batch() const { return q.dim(0); }
  std::int64_t q_heads() const { return q.dim(1); }
  std::int64_t q_len() const { return q.dim(2); }
  std::int64_t qk_dim() const { return q.dim(3); }
  std::int64_t kv_heads() const { return k.dim(1); }
  std::int64_t kv_len() const { return k.dim(2); }
  std::int64_t v_dim() const { return v.dim(3); }
  std::vector<std::int64_t> out_shape() const { return {batch(), q_heads(), q_len(), v_dim()}; }
  std::vector<std::int64_t> lse_shape() const { return {batch(), q_heads(), q_len()}; }
  /// f64 when q is f64, else f32.
  DType lse_dtype() const { return q.dtype() == DType::f64 ? DType::f64 : DType::f32; }
};

/// What a kernel returned: out [batch, q_heads, q_len, v_dim] in q's dtype, lse [batch, q_heads, q_len].
struct Result {
  Tensor out;
  std::optional<Tensor> lse;
};

/// Whether k is put at q's address, v at k's.
bool k_lies_in_q(const Problem& problem);
bool v_lies_in_k(const Problem& problem);

/// out's and lse's strides as the kernel sees them.
std::vector<std::int64_t> out_strides_of(const Problem& problem);
std::vector<std::int64_t> lse_strides_of(const Problem& problem);

/// Bytes of address space that a problem's tensors may span together: 2^36.
inline constexpr std::int64_t kMaxSpan = std::int64_t{1} << 36;

/// Empty when the problem satisfies every rule of the ABI, else one sentence that names the offence
/// ("kv_heads 3 does not divide q_heads 4"). Every file and generator passes through this.
std::string why_invalid(const Problem& problem);

/// The same for a problem that no kernel is called with, whose result was captured: it may have q_start, and
/// its bias may be f64 where q is.
std::string why_invalid_capture(const Problem& problem);

/// "b1 h2/1 q3 k8 d4/4 f16 causal=bottom-right window=(5,-1) softcap=2 mask kv_lens": shape, dtypes,
/// features.
std::string describe(const Problem& problem);

}  // namespace attest
