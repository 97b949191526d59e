// Plain tiled attention kernels for the ABI: right as they stand, wrong in one place each behind a switch.
//
// They share no code with what they are tried on: no mask, no recurrence, no conversion of numbers.
#pragma once

#include <cstdint>

#include "attest/kernel.h"

namespace attest::faults::faulty {

enum class KernelFault : std::uint8_t {
  none,
#define FAULT(id, number, depends, signature, shows_in, sentence) id,
#include "faults/root_cause/root_causes.def"
};
enum class KernelControl : std::uint8_t {
#define CONTROL(id, sentence) id,
#include "faults/kernels/other_kernels.def"
};
enum class NarrowKernel : std::uint8_t {
#define NARROW(id, gate, fault) id,
#include "faults/kernels/other_kernels.def"
};

inline constexpr int kTileKeys = 16;    ///< keys and ...
inline constexpr int kTileRows = 16;    ///< ... rows a tile, and keys a page, of every faulty kernel
inline constexpr int kSplits = 4;       ///< of those faulty kernels that merge splits
inline constexpr double kLazyNats = 8;  ///< that a reference may lag where a group of rows decides

enum class Narrow : std::uint8_t { none, tf32, bf16, e4m3 };
/// Where the reference of the exponentials lies.
enum class Reference : std::uint8_t {
  maximum,
  norms,  ///< |scale| |q| max|k| + max|bias|
  lse,    ///< of a first pass over the keys
};

/// How a kernel computes; every combination is correct under the contract that says so.
struct Arithmetic {
  int tile_keys = kTileKeys;
  int splits = 1;  ///< at most; a split has at least one tile
  bool merge_by_lse = false;
  bool chained = false;     ///< with merge_by_lse: one split after the other
  bool reversed = false;    ///< tiles, and keys in them, from the last to the first
  bool tree = false;        ///< pairwise sums within a tile and a dot product
  bool fma = false;         ///< one rounding for multiply and add
  bool exp2 = false;        ///< scale * log2(e) is one constant, exponentials are base 2
  double lazy = 0;          ///< nats that the maximum may lag behind
  bool round_p = false;     ///< P is rounded to the dtype of v where that has 16 bits
  bool plus_one = false;    ///< 1 is added to every score; the lse is corrected
  bool no_lse = false;      ///< declines problems that ask for an lse
  bool past_end = false;    ///< the loop runs over padding too; the mask of single keys hides it
  bool tight = false;       ///< the loop leaves out tiles that causality hides
  bool reciprocal = false;  ///< multiplies by 1 / l
  bool flush = false;       ///< subnormal results are 0
  Narrow q = Narrow::none, k = Narrow::none, v = Narrow::none;  ///< what they are converted to
  Narrow p = Narrow::none;  ///< what P is converted to, whatever v's dtype
  Reference reference = Reference::maximum;
  bool coarse_exp = false;         ///< the exponential is off by up to 7e-4
  bool half = false;               ///< f32 data is computed in f16
  bool estimate = false;           ///< 1 / l is a 12-bit estimate and one Newton step
  double p_scale = 1;              ///< P is multiplied by this before it is rounded
  bool stochastic_p = false;       ///< P is rounded up or down by chance
  bool bias_first = false;         ///< the bias is the first term of the dot product
  bool alibi_by_position = false;  ///< slope * j is added under a causal mask
  bool centred = false;            ///< a mean of the row's values is subtracted from them; not with a sink
  bool order_varies = false;       ///< tiles come in another order in each call
  std::int64_t call = 0;           ///< of this kernel, where calls differ
  // Faults of any size; 0: none.
  double exp_error = 0;    ///< relative, of the exponential: a wave of this amplitude along its argument
  double scale_error = 0;  ///< relative, of the scale
  double leak = 0;         ///< weight of the first key that a row must not see
  int sum_bits = 0;        ///< significant bits of the sums over keys
};

class Memory;

/// Answers as the ABI says: f64, f32, f16 and bf16, every feature, any strides. Sums are f64 where q or k and
/// v are, else f32. One fault at most of the two: `fault` on the plain arithmetic, or none. `memory` is what
/// scalars_of_first_call keeps between calls; without it that kernel is correct.
int forward(const attest_forward& problem, KernelFault fault, const Arithmetic& arithmetic = {},
            Memory* memory = nullptr);

Arithmetic arithmetic_of(KernelControl control);
/// With what the fault needs: splits to merge, tiles of one key.
Arithmetic arithmetic_of(KernelFault fault, Arithmetic arithmetic);

/// What the kernel declares: "f64;...|f32;...|...".
const char* contract_of(KernelFault fault);
const char* contract_of(KernelControl control);

}  // namespace attest::faults::faulty
