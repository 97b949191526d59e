// What a row of the plain kernel sees, as its fault has it.
#pragma once

#include <cmath>
#include <cstdint>

#include "attest/kernel.h"
#include "plain_kernel.hpp"
#include "plain_view.hpp"

namespace attest::test {

inline bool is_16_bits(DType dtype) { return dtype == DType::f16 || dtype == DType::bf16; }

// What the fault makes of an input: q, k, v, bias or mask, or a vector.
inline Misreading misread(const attest_forward& f, Fault fault, const DLTensor* t) {
  Misreading wrong;
  if (t == nullptr) return wrong;
  const bool scores = t == f.bias || t == f.mask;
  const bool vector = t == f.alibi_slopes || t == f.sink || t == f.kv_lens;
  wrong.packed =
      (fault == Fault::q_strides_ignored && t == f.q) || (fault == Fault::k_strides_ignored && t == f.k) ||
      (fault == Fault::v_strides_ignored && t == f.v) || (fault == Fault::bias_strides_ignored && scores) ||
      (fault == Fault::vector_strides_ignored && vector);
  wrong.stride_0_is_1 = fault == Fault::stride_0_is_1 && (t == f.q || t == f.k || t == f.v);
  wrong.wraps = fault == Fault::far_offsets_wrap;
  const DType q = dtype_of(*f.q);
  if (fault == Fault::kv_as_type_of_q && (t == f.k || t == f.v) && is_16_bits(q) && is_16_bits(dtype_of(*t)))
    wrong.type = q;
  return wrong;
}

/// The tensors of a call.
class PlainInputs {
 protected:
  PlainInputs(const attest_forward& f, Fault fault)
      : f_(f),
        fault_(fault),
        q_(input(f.q)),
        k_(input(f.k)),
        v_(input(f.v)),
        bias_(input(f.bias)),
        mask_(input(f.mask)),
        slopes_(input(f.alibi_slopes)),
        sink_(input(f.sink)),
        kv_lens_(input(f.kv_lens)) {}

  View input(const DLTensor* t) const { return View(t, true, misread(f_, fault_, t)); }
  bool is(Fault fault) const { return fault_ == fault; }

  const attest_forward& f_;
  Fault fault_;
  View q_, k_, v_, bias_, mask_, slopes_, sink_, kv_lens_;
};

class PlainVisibility : protected PlainInputs {
 protected:
  static constexpr Index kTile = 8;
  using PlainInputs::PlainInputs;

  bool keeps_masked() const { return is(Fault::masks_by_penalty) || is(Fault::small_penalty); }

  Index keys(Index b) const {
    const Index n = k_.dim(2) - (is(Fault::last_key_dropped) ? 1 : 0);
    if (!kv_lens_) return n;
    if (is(Fault::kv_lens_ignored)) return k_.dim(2);
    return static_cast<Index>(kv_lens_.at({is(Fault::kv_lens_of_batch_0) ? 0 : b}));
  }

  Index position(Index b, Index i) const {
    const bool from_start =
        (f_.causal == ATTEST_CAUSAL_TOP_LEFT && !is(Fault::top_left_from_the_end)) ||
        (f_.causal == ATTEST_CAUSAL_BOTTOM_RIGHT && is(Fault::bottom_right_from_the_start)) ||
        (f_.causal == ATTEST_CAUSAL_NONE && is(Fault::uncausal_from_the_start));
    if (from_start) return i;
    return i + (is(Fault::position_by_kv_len) ? k_.dim(2) : keys(b)) - q_.dim(2);
  }

  bool causal_sees(Index j, Index pos) const {
    const bool edge = is(Fault::one_key_too_far) ||
                      (is(Fault::top_left_key_too_far) && f_.causal == ATTEST_CAUSAL_TOP_LEFT) ||
                      (is(Fault::one_key_too_far_at_tiles) && pos % kTile == kTile - 1);
    if (is(Fault::unsigned_position) && pos < 0) return true;
    return f_.causal == ATTEST_CAUSAL_NONE || j <= pos + (edge ? 1 : 0);
  }

  Index limit(Index window) const {
    return is(Fault::window_32_bits) && window > 0 ? static_cast<std::int32_t>(window) : window;
  }

  // Differences of positions do not wrap.
  static bool further(Index distance, Index pos, Index window, bool wraps) {
    if (!wraps) return distance > window;
    const auto edge =
        static_cast<Index>(static_cast<std::uint64_t>(pos) + static_cast<std::uint64_t>(window));
    return distance + pos > edge;
  }

  bool window_sees(Index j, Index pos) const {
    const Index left = limit(f_.window_left);
    Index right = limit(f_.window_right);
    if (is(Fault::lone_window_both) && right == -1) right = left;
    const Index edge = left - (is(Fault::window_off_by_one) ? 1 : 0);
    const bool no_left =
        left == -1 || is(Fault::window_left_ignored) || (is(Fault::window_0_is_none) && left == 0);
    const bool no_right = right == -1 || is(Fault::window_right_ignored) ||
                          (is(Fault::window_right_ignored_at_left_0) && left == 0);
    if (!no_left && pos - j > edge) return false;
    return no_right || !further(j - pos, pos, right, is(Fault::window_wraps));
  }

  float score_term(const View& t, Index b, Index h, Index i, Index j) const {
    return t.at({is(Fault::bias_one_batch) ? 0 : b, is(Fault::bias_one_head) ? 0 : h,
                 is(Fault::bias_one_row) ? 0 : i, j});
  }

  bool sees(Index b, Index h, Index i, Index j, Index pos) const {
    if (is(Fault::key0_dropped) && j == 0) return false;
    if (j >= keys(b) || !causal_sees(j, pos) || !window_sees(j, pos)) return false;
    const bool ignored = keeps_masked() || is(Fault::mask_ignored);
    if (mask_ && score_term(mask_, b, h, i, j) == 0 && !ignored) return false;
    return !bias_ || score_term(bias_, b, h, i, j) != -HUGE_VALF || is(Fault::bias_clamped);
  }
};

}  // namespace attest::test
