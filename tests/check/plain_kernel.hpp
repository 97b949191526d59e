// A plain tiled f32 kernel, correct unless told otherwise: what the campaign is tried on.
#pragma once

#include <memory>
#include <string>

#include "kernel/kernel.hpp"

namespace attest::test {

/// One place in which the kernel is wrong.
enum class Fault {
  none,
  one_key_too_far,           ///< causal rows see the next key
  one_key_too_far_at_tiles,  ///< the same in rows that end a tile of 8 keys
  rescale_missing,           ///< the numerator is not rescaled when the maximum changes
  nan_on_empty,              ///< 0/0 in rows that see nothing
  poison_after_empty,        ///< a row after an empty one is NaN
  key0_dropped,
  mean_of_values,  ///< weights are ignored
  zeros,
  head_map,  ///< h % kv_heads instead of h / group
  kv_lens_ignored,
  lse_base2,
  softcap_ignored,
  window_off_by_one,   ///< the oldest key of a window is missing
  scale_squared,       ///< scale applied twice
  keeps_state,         ///< every third call is off by an ulp or two
  reads_output,        ///< adds 0 times what out held
  last_bit,            ///< an ulp too much: within every bound, not within the exact laws
  masks_by_penalty,    ///< masked keys keep a score lowered by 1e4
  denominator_biased,  ///< l is 1.0001 l
  small_penalty,       ///< masked keys keep a score lowered by 40
  rescale_clamped,     ///< rescale factors are at least 1e-4
  no_maximum,          ///< exponentials without the maximum subtracted
  mxcsr_left,          ///< leaves the rounding mode upward
  two_threads,         ///< off with two threads
};

/// Takes f32, f16 and bf16, every feature, any layout. `info.contract` is empty.
std::unique_ptr<Kernel> plain_kernel(Fault fault, const std::string& name = "plain");

}  // namespace attest::test
