// Numerics contracts: what a kernel declares about its own arithmetic.
//
// A contract is all that the certified bound (bound.hpp) may assume. Presets: f64, f32, flash-bf16,
// flash-f16, unfused-bf16, unfused-f16; each field can be overridden in text:
// "flash-bf16;key_block=64;division=reciprocal".
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "numerics/format.hpp"
#include "problem/kv_storage.hpp"
#include "problem/problem.hpp"

namespace attest::oracle {

/// A rounding to a format, where there is one.
struct Cast {
  std::optional<Format> format;  ///< none: nothing is rounded
  Rounding rounding = Rounding::nearest_even;
  bool stochastic = false;  ///< rounds up or down by chance, to the number itself in the mean

  explicit operator bool() const { return format.has_value(); }
  /// 0 where nothing is rounded.
  double unit_roundoff() const { return format ? format->unit_roundoff(worst_rounding()) : 0; }
  /// A rounding whose errors are as large. By chance they come as near a whole unit as by truncation.
  Rounding worst_rounding() const { return stochastic ? Rounding::toward_zero : rounding; }
  /// Infinite where nothing is rounded.
  double max_finite() const { return format ? format->max_finite() : HUGE_VAL; }
};

enum class Order : std::uint8_t {
  any,         ///< any association of the terms, sequential included
  sequential,  ///< one addition after another; its error bound is that of any order
  tree,        ///< pairwise inside a tile of key_block keys, tiles one after the other
  block_fma,   ///< units that add `width` products at once with aligned truncation (unit roundoff doubled)
};

struct Sum {
  Format format = kBinary32;
  Rounding rounding = Rounding::nearest_even;
  Order order = Order::any;
  int width = 1;  ///< products added at once by block_fma

  double unit_roundoff() const {
    return format.unit_roundoff(order == Order::block_fma ? Rounding::toward_zero : rounding);
  }
};

/// Of an approximated function, relative to its value and absolute.
struct FunctionError {
  double relative = 0, absolute = 0;
};

enum class Underflow : std::uint8_t { gradual, flush_outputs, flush_inputs };
enum class Merge : std::uint8_t {
  state,  ///< (m, l, o)
  lse,    ///< (lse, o), all splits at once
  chain,  ///< (lse, o), one split after the other: ring attention
};

/// ggml's: 32 channels of a query become 8-bit integers with a scale in f16, and in q8_1 also their sum in
/// f16, which multiplies the minimum of a block of keys (q4_1, q5_1).
enum class QueryBlocks : std::uint8_t { none, q8_0, q8_1 };

/// The fields are for the code that knows what each one costs: this folder, the bound, the noise and the
/// emulated kernels that attack the bound. Others ask (questions.hpp, exactness.hpp). Each field has a row in
/// the table of fields.cpp.
struct Contract {
  std::string text;  ///< as declared; the name under which reports show it

  Sum score, numerator, denominator;
  int key_block = 1;                         ///< keys per tile; bounds the number of rescales
  Cast store_product;                        ///< narrower store of q.k
  Cast store_scaled;                         ///< narrower store after scale (and softcap)
  Cast store_biased;                         ///< narrower store after bias, ALiBi or mask
  Cast q_conversion;                         ///< q is converted to this before the product
  Cast k_conversion;                         ///< so is k
  Cast v_conversion;                         ///< v is converted to this before P * V
  QueryBlocks q_blocks = QueryBlocks::none;  ///< q is converted to these instead
  KvStorages kv_storage;                     ///< k and v are only ever given what this holds exactly
  bool kv_lens_by_mask = false;              ///< keys past kv_lens are masked, and may be read
  bool scale_both = false;                   ///< q and k are each multiplied by sqrt(scale)
  bool bias_first = false;                   ///< the bias is the first term of the dot product
  bool alibi_by_position = false;            ///< slope * j is added instead of -slope * distance
  bool folded_log2e = false;     ///< scale * log2(e) is one rounded constant, exponentials are base 2
  bool rounded_shift = false;    ///< shifts and rescales are rounded differently (FlashAttention-2)
  double shift_above = 0;        ///< the shift may lie this far above the maximum, nats
  bool shift_by_norms = false;   ///< or is a bound of the scores by the norms of q and k (Cauchy-Schwarz)
  bool sink_in_max = true;       ///< the shift covers the sink's score; else the sink is added last
  FunctionError exp;             ///< of one exponential (the absolute one in addition to the smallest normal)
  FunctionError tanh;            ///< softcap
  FunctionError log;             ///< lse
  Cast probability;              ///< P, before P * V
  double probability_scale = 1;  ///< P is multiplied by this before its cast; a power of two
  bool denominator_sums_rounded = false;  ///< l adds the rounded P
  bool unfused = false;                   ///< P is normalised before its cast; no division at the end
  double tau = 0;                         ///< lazy rescale threshold, nats
  Merge merge = Merge::state;             ///< how split results are merged
  int splits = 1;
  Cast partial;                 ///< store of split results
  bool reciprocal = false;      ///< multiplies by 1 / l
  double reciprocal_rel = 0;    ///< relative error of 1 / l before it is rounded
  bool centred_values = false;  ///< values are summed less a mean of them, which is added at the end
  /// An intermediate format of the output; none: only out's dtype. The rounding is also that of the last
  /// store.
  Cast output;
  Underflow underflow = Underflow::gradual;
  bool repeatable = true;  ///< the same call gives the same bits again
};

/// Every certificate is against a set of alternatives: a kernel that keeps any one of them is correct, so the
/// bound is the largest of theirs. Declared contracts have one alternative.
struct ContractSet {
  std::string text;
  std::vector<Contract> alternatives;
  bool declared = false;  ///< by the kernel or the user; false: the loosest presets that fit the dtypes
};

struct ContractError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Parses "preset;field=value;...". Throws ContractError with the offending field and what would be right.
/// Where a preset rounds P to 16 bits and the values have 16 bits, P has their format: `values` is the dtype
/// of v, if that is known.
Contract parse_contract(std::string_view text, std::optional<DType> values = std::nullopt);

/// The contract with some fields changed: "field=value;...". The text stays. Throws ContractError.
Contract with_fields(Contract contract, std::string_view fields);

/// The fields in which a contract differs from another, as with_fields reads them; empty where they agree.
std::string differences(const Contract& contract, const Contract& from);

/// The contract for a problem's dtypes. `declared` is what the kernel or the user says: "" (none), one
/// contract, or several separated by '|', of which those whose preset fits the dtypes apply. Throws
/// ContractError.
ContractSet contract_for(std::string_view declared, DType q, DType kv);

struct ContractField {
  std::string_view name, values, meaning;
};
std::vector<ContractField> contract_fields();
std::vector<std::string_view> contract_presets();
/// What a preset sets, as text. Precondition: the preset exists.
std::string preset_meaning(std::string_view preset);

}  // namespace attest::oracle
