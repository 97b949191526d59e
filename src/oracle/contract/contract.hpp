// Numerics contracts: what a kernel declares about its own arithmetic.
//
// A contract is all that the certified bound (bound.hpp) may assume. Presets: f64, f32, flash-bf16,
// flash-f16, unfused-bf16, unfused-f16; each field can be overridden in text:
// "flash-bf16;key_block=64;division=reciprocal".
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "numerics/format.hpp"
#include "problem/kv_storage.hpp"
#include "problem/problem.hpp"

namespace attest {

enum class Order : std::uint8_t {
  any,        ///< any association of the terms, sequential included
  tree,       ///< pairwise inside a tile of key_block keys, tiles one after the other
  block_fma,  ///< units that add `width` products at once with aligned truncation (unit roundoff doubled)
};

struct Accumulator {
  Format format = kBinary32;
  Rounding rounding = Rounding::nearest_even;
  Order order = Order::any;
  bool sequential = false;  ///< order any, and known to be one addition after another
  int width = 1;            ///< products added at once by block_fma

  double unit_roundoff() const {
    return format.unit_roundoff(order == Order::block_fma ? Rounding::toward_zero : rounding);
  }
  friend bool operator==(const Accumulator&, const Accumulator&) = default;
};

enum class Underflow : std::uint8_t { gradual, flush_outputs, flush_inputs };
enum class Merge : std::uint8_t { state, lse };

struct Contract {
  std::string text;  ///< as declared; the name under which reports show it

  Accumulator score, numerator, denominator;
  int key_block = 1;                    ///< keys per tile; bounds the number of rescales
  std::optional<Format> store_product;  ///< narrower store of q.k
  std::optional<Format> store_scaled;   ///< narrower store after scale (and softcap)
  std::optional<Format> store_biased;   ///< narrower store after bias, ALiBi or mask
  std::optional<Format> q_conversion;   ///< q is converted to this before the product
  bool q_blocks = false;                ///< q is converted to q8_0 instead: blocks of 32, 8-bit integers
  KvStorage kv_storage = KvStorage::as_given;  ///< k and v are only ever given what this holds exactly
  bool kv_lens_by_mask = false;                ///< keys past kv_lens are masked, and may be read
  bool scale_both = false;                     ///< q and k are each multiplied by sqrt(scale)
  bool folded_log2e = false;          ///< scale * log2(e) is one rounded constant, exponentials are base 2
  bool rounded_shift = false;         ///< shifts and rescales are rounded differently (FlashAttention-2)
  bool sink_in_max = true;            ///< the shift covers the sink's score
  double exp_rel = 0, exp_abs = 0;    ///< error of one exponential (exp_abs beside the smallest normal)
  double tanh_rel = 0, tanh_abs = 0;  ///< softcap
  double log_rel = 0, log_abs = 0;    ///< lse
  std::optional<Format> probability;  ///< format P is rounded to before P * V
  Rounding probability_rounding = Rounding::nearest_even;
  bool denominator_sums_rounded = false;  ///< l adds the rounded P
  bool unfused = false;                   ///< P is normalised before its cast; no division at the end
  double tau = 0;                         ///< lazy rescale threshold, nats
  Merge merge = Merge::state;             ///< how split results are merged
  int splits = 1;
  std::optional<Format> partial;  ///< format in which split results are stored
  bool reciprocal = false;        ///< multiplies by 1 / l
  std::optional<Format> output;   ///< an intermediate format of the output; none: only out's dtype
  Rounding output_rounding = Rounding::nearest_even;
  Underflow underflow = Underflow::gradual;
};

/// Every certificate is against a set of alternatives: a kernel that keeps any one of them is correct, so the
/// bound is the largest of theirs. Declared contracts have one alternative.
struct ContractSet {
  std::string text;
  std::vector<Contract> alternatives;
  bool declared = false;  ///< by the kernel or the user; false: the loosest presets that fit the dtypes
};

/// Every alternative computes in f64 throughout, so that an f64 reference is no sharper than what it judges.
bool all_f64(const ContractSet& contract);

struct ContractError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Parses "preset;field=value;...". Throws ContractError with the offending field and what would be right.
Contract parse_contract(std::string_view text);

/// The contract for a problem's dtypes. `declared` is what the kernel or the user says: "" (none), one
/// contract, or several separated by '|', of which those whose preset fits the dtypes apply. Throws
/// ContractError.
ContractSet contract_for(std::string_view declared, DType q, DType kv);

struct ContractField {
  std::string_view name, values, meaning;
};
std::vector<std::string_view> contract_presets();
std::vector<ContractField> contract_fields();

}  // namespace attest
