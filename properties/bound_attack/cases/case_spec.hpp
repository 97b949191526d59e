// One attack: small numbers from which a problem and a strategy follow, so that it prints, shrinks and
// replays.
#pragma once

#include <cstdint>
#include <iosfwd>

#include "bound_attack/emulator/strategy.hpp"
#include "oracle/contract/contract.hpp"
#include "problem/problem.hpp"

namespace attest::attack {

/// How queries and keys produce the scores that a pattern asks for.
enum class Layout : std::uint8_t {
  gaussian,          ///< normal queries and keys: the pattern is ignored
  placed,            ///< one coordinate carries the score, the others are 0
  cancelling,        ///< the score is a small difference of large products
  lopsided_queries,  ///< as placed, queries near the bottom of their range
  lopsided_keys,     ///< as placed, keys near the bottom of their range
};

enum class Pattern : std::uint8_t {
  flat,    ///< equal scores
  rising,  ///< every key raises the maximum
  falling,
  one_large,   ///< one score far above the others
  two_levels,  ///< half the keys a gap below
  random,
  barely_rising,  ///< increments near the smallest normal numbers of f16
  zero,
};

enum class Values : std::uint8_t {
  gaussian,
  signs,       ///< +1 and -1
  near_equal,  ///< 1 and a little
  one_large,   ///< one value carries the output
  unit_steps,  ///< 0 and 1
  tiny,        ///< around the smallest normal number
  huge,        ///< sums come near the top of the range
  top,         ///< each value near the top of the range
  equal,       ///< one value in all keys
  zeros,
};

struct CaseSpec {
  DType q_dtype = DType::f32, kv_dtype = DType::f32;
  int batch = 1, kv_heads = 1, group = 1, q_len = 1, kv_len = 1, qk_dim = 1, v_dim = 1;
  int causal = 0, window_left = -1, window_right = -1;
  int softcap = 0;  ///< 0: none
  int scale = 0;    ///< index into the scales that make_problem knows
  bool mask = false, bias = false, alibi = false, sink = false, kv_lens = false;
  Layout layout = Layout::gaussian;
  Pattern pattern = Pattern::flat;
  int score_exponent = 0;  ///< scores are of the size 2^exponent
  Values values = Values::gaussian;
  std::uint64_t seed = 0;
  Strategy strategy;
};

std::ostream& operator<<(std::ostream& out, const CaseSpec& spec);

/// Where the numbers of a spec come from: RapidCheck, or a seeded stream.
class Chooser {
 public:
  virtual ~Chooser() = default;
  /// A number in [low, high].
  virtual int pick(int low, int high) = 0;
  bool chance(int percent) { return pick(0, 99) >= 100 - percent; }
};

enum class Size : std::uint8_t {
  few_keys,   ///< 1 to 8 keys: every rounding counts
  many_keys,  ///< up to 512 keys, head dimension to 64
};

/// `narrow` is the dtype that the contract's preset is for.
CaseSpec choose_case(Chooser& chooser, const oracle::Contract& contract, DType narrow, Size size);

/// The problem of a spec; valid by the ABI's rules.
Problem make_problem(const CaseSpec& spec);

}  // namespace attest::attack
