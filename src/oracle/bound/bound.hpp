// The certified error bound: how far from the exact result a kernel that keeps its contract can be.
#pragma once

#include <vector>

#include "oracle/bound/bound_terms.hpp"
#include "oracle/contract/contract.hpp"
#include "oracle/definition/row.hpp"
#include "oracle/facts.hpp"

namespace attest::oracle {

/// Bounds of one row, around the exact result (the reference's radius is not included).
/// HUGE_VAL: the theorem's conditions fail, nothing is certified.
struct RowBound {
  std::vector<double> out;  ///< [v_dim], absolute
  double lse = 0;           ///< absolute
  bool scores_in_range =
      true;  ///< false: a correct kernel's scores may overflow; nothing of the row is certified
  bool lse_in_range = true;    ///< false: a correct kernel's denominator may overflow as well
  std::vector<bool> in_range;  ///< [v_dim]; false: a correct kernel's numerator or output may overflow
  /// [v_dim] How far beyond the hull of the visible values a correct kernel's output may lie, whatever its
  /// scores' errors (hull.hpp). HUGE_VAL: it may be anything, NaN included. Needs scores_in_range.
  std::vector<double> hull;
  double lse_hull = HUGE_VAL;  ///< |computed - exact| of lse whatever the scores' errors; likewise
};

/// What the bound of one output channel is made of.
struct ChannelSums {
  double weighted = 0;   ///< at least sum p_j (A_j |v_j - o| + (1 + A_j)(mu |v_j| + nu |o| + flushed))
  double sum_abs_v = 0;  ///< at least sum |v_j|
  double max_abs_v = 0;  ///< at least max |v_j|
  double out_abs = 0;    ///< at least |o|
};

/// The last roundings of an output: division, an intermediate format, the store in out's dtype.
struct LastRoundings {
  double relative = 0, absolute = 0;
  double limit = HUGE_VAL;  ///< an output at least this large may overflow
};

LastRoundings last_roundings(const BoundTerms& terms, DType out);

/// The bound of an output, which is affine in the channel's sums.
struct ChannelLine {
  double constant = HUGE_VAL;  ///< HUGE_VAL: nothing is certified
  double weighted = 0, sum_abs_v = 0, max_abs_v = 0, out_abs = 0;
  double value_limit = 0;   ///< a numerator may overflow from max |v_j| = this on
  double output_limit = 0;  ///< an output may overflow from |o| + bound = this on

  /// |computed - exact|; HUGE_VAL where nothing is certified.
  double bound(const ChannelSums& sums) const {
    return constant + weighted * sums.weighted + sum_abs_v * sums.sum_abs_v + max_abs_v * sums.max_abs_v +
           out_abs * sums.out_abs;
  }
  /// No correct kernel's numerator overflows, nor its output, where anything is known of that.
  bool in_range(const ChannelSums& sums, double bound_of_it) const {
    return sums.max_abs_v < value_limit &&
           (constant == HUGE_VAL || sums.out_abs + bound_of_it < output_limit);
  }
};

/// Needs set_sums.
ChannelLine channel_line(const BoundTerms& terms, const LastRoundings& last);
/// |computed - exact| of lse; HUGE_VAL where nothing is certified. Needs set_sums.
double lse_bound(const BoundTerms& terms, const Known& lse, DType stored);
/// The same from the error before the last roundings. HUGE_VAL also where the stored lse may overflow.
double rounded_lse(const BoundTerms& terms, double error, const Known& lse, DType stored);
/// No bound of an lse of at least lse_abs is smaller.
double least_lse_bound(const BoundTerms& terms, double lse_abs, DType stored);

/// Smaller values count as 0 where inputs are flushed; `type_normal` is the smallest normal number of their
/// dtype.
double flushed_below(const Contract& contract, double type_normal);

/// The mean that a kernel subtracts from values is at most this times the largest; 0 where it subtracts none.
double largest_centre(const BoundTerms& terms);

/// Evaluates the bound of docs/bound-derivation.md for one contract. Every term is nonnegative and evaluated
/// in f64 from outward facts; the results carry a factor 1 + 2^-30 that covers the evaluation's own roundings
/// (fewer than 2^20 terms, each with fewer than 100 operations). `out` and `lse` are the dtypes the kernel
/// stores.
RowBound bound_of(const Contract& contract, const Row& row, const RowFacts& facts, DType out, DType lse);

}  // namespace attest::oracle
