// The error of each score under a contract, stage by stage, each stage on the magnitude it acts on.
#pragma once

#include <vector>

#include "oracle/contract/contract.hpp"
#include "oracle/contract/stages.hpp"
#include "oracle/definition/row.hpp"
#include "oracle/facts.hpp"

namespace attest::oracle {

/// What a score's error depends on besides the key's facts.
struct ScoreSetting {
  HeadTerms head;  ///< with |scale|
  double qk_dim = 0;
  bool biased = false, alibi = false;
  double query_abs = 0;    ///< sum |q_k|
  double query_max = 0;    ///< max |q_k|
  double key_max = 0;      ///< max |k_jk|
  double lambda = 0;       ///< absolute error of one operation that underflows
  double span = 0;         ///< keys that exist
  double alibi_reach = 0;  ///< |slope| * span: at least every |slope * j|
  bool affine =
      false;  ///< as an affine function of the facts, at least the sharper one: for the blocked tier
};

/// Roundings that one product of a dot product of length d can meet, its own included.
double dot_depth(const Sum& sum, double d);

/// |scale| times the error of one channel of q that is converted to q8_0, where no channel is above
/// query_max.
double query_block_error(double scale, double query_max);

/// A product of a query and keys, none of whose channels is above these.
struct BlockProduct {
  double qk_dim = 0, query_max = 0, key_max = 0;
};

/// |scale| times what a conversion of q to q8_1 adds to the error of a product, besides query_block_error.
double query_sum_error(const Sum& sum, double scale, const BlockProduct& product);

/// The error of scores under one contract, which must outlive it.
class ScoreError {
 public:
  ScoreError(const Contract& contract, const ScoreSetting& setting);

  /// |computed s_j - exact s_j| <= result, in nats; nondecreasing in every fact and in `flushed` (at least
  /// the sum of |q_k k_jk| that a kernel loses by flushing inputs, 0 unless the contract does) and in
  /// `distance`.
  double of(const KeyFacts& key, double flushed, double distance) const;

  /// No correct kernel's score, or stage of it, overflows.
  bool in_range(const KeyFacts& key) const;

 private:
  const Contract& contract_;
  ScoreSetting setting_;
  Stages stages_;
  double largest_;  // finite score
};

/// Queries (or keys) of a dtype whose smallest normal number is `type_normal` count as 0 below this where
/// inputs are flushed: both that of the dtype and that of the scores count.
double flushed_score_input_below(const Contract& contract, double type_normal);

/// sum |q_k k_jk| over the terms that are lost when such queries and keys count as 0.
double flushed_products(const Contract& contract, const Row& row, std::int64_t key);

/// The same for a sink; `moved` is alibi_move.
double sink_error(const Contract& contract, double sink_abs, double lambda, double moved = 0);

/// How far scores lie, at most, from what they are with -slope * distance: slope * position of the query,
/// where slope * j is added instead, else 0.
double alibi_move(const Contract& contract, const Row& row, const RowFacts& facts);
/// The same from |slope| times the keys that exist and the largest |slope * distance|.
double alibi_move(const Contract& contract, double reach, double largest_alibi);

/// No correct kernel's sink overflows.
bool sink_in_range(const Contract& contract, double sink_abs);

/// No correct kernel's query (or key, where both are scaled) overflows when it is scaled or converted.
bool inputs_in_range(const Contract& contract, double scale, double largest_query, double largest_key);

struct ScoreErrors {
  std::vector<double> alpha;  ///< of every key of facts.keys
  double largest = 0;         ///< max alpha
  bool in_range = true;
};

ScoreErrors score_errors(const Contract& contract, const Row& row, const RowFacts& facts);

}  // namespace attest::oracle
