// What laws, generators and limits want to know of a contract, without its fields.
//
// Questions about a ContractSet are answered for every kernel that keeps one of the alternatives. When a
// kernel has no rounding left: exactness.hpp; how many keys it can count: saturation.hpp.
#pragma once

#include "oracle/contract/contract.hpp"

namespace attest::oracle {

/// No finite score, nor a stage of it, is larger.
double largest_score(const Contract& contract);
double largest_score(const ContractSet& contract);

/// What queries are converted to holds no finite number above this; infinite without a conversion.
double largest_converted_query(const Contract& contract);
/// The same of keys and of values.
double largest_converted_key(const ContractSet& contract);
double largest_converted_value(const ContractSet& contract);

/// No finite weighted sum of values is larger, where the shift lags behind the maximum as far as it may.
double largest_sum(const Contract& contract);

/// Error of a score per unit of |scale| sum |q k| over qk_dim channels, of the shift too: the linear part.
double score_error_rate(const Contract& contract, std::int64_t qk_dim);
/// `rate` and the rates of a score's narrower casts.
double with_score_casts(double rate, const Contract& contract);

/// Relative error of a row's sums per key, weights included.
double sum_error_rate(const Contract& contract);

/// The coarsest unit roundoff that a score meets.
double coarsest_score_roundoff(const ContractSet& contract);

/// Negated inputs are rounded to the negated numbers.
bool rounds_both_signs_alike(const ContractSet& contract);

/// How far (in nats) a row's shift may lie from the maximum of its scores; infinite where nothing is
/// declared.
double largest_lag(const ContractSet& contract);

/// Values of one row and channel, and factors of 2 by which they are multiplied and divided.
struct ScaledValues {
  double least = 0, largest = 0;  ///< of the magnitudes that are not 0; before scaling
  double factor = 1;              ///< at least 1
  double keys = 0;
  double gap = 0;  ///< s_max - s_min
};

/// Neither the scaled values' products and sums nor the output leave the normal numbers.
bool stay_normal(const ContractSet& contract, const ScaledValues& values, DType out);

/// An output at least this large is a normal number wherever it is stored.
double least_normal_output(const ContractSet& contract, DType out);

/// Every alternative computes in f64 throughout, so that an f64 reference is no sharper than what it judges.
bool all_f64(const ContractSet& contract);

/// Keys at and past kv_lens may be read, and masked.
bool may_read_past_kv_lens(const ContractSet& contract);

/// The same call gives the same bits again.
bool repeats_bits(const ContractSet& contract);

/// What holds k and v: a kernel is only given what it holds exactly.
KvStorages kv_storage(const ContractSet& contract);

/// Whether a kernel that declares this may be given the problem: its cache holds k and v. No law is put to
/// another, be it drawn, prepared, changed or shrunk.
bool may_be_given(const ContractSet& contract, const Problem& problem);

/// Whether a kernel that keeps an alternative can return these numbers: one that rounds outputs to a format
/// returns numbers of that format only. Numbers that are not finite do not count.
bool may_return(const ContractSet& contract, const std::vector<double>& outputs);

}  // namespace attest::oracle
