// The definition of the forward operation and its bound, number by number: what the outputs of one row are
// judged by.
#pragma once

#include <cstdint>
#include <optional>

#include "oracle/judge/number_judge.hpp"
#include "oracle/tiers/row_key.hpp"
#include "oracle/tiers/row_standard.hpp"

namespace attest::oracle {

/// Of a row that sees no key, the output is exactly 0 and lse exactly -inf; with a sink lse is the sink, to
/// one rounding of each step of an lse of one term.
class ForwardRow {
 public:
  ForwardRow(const Problem& problem, const Standards& standards, RowKeys& row_keys, std::int64_t b,
             std::int64_t h, std::int64_t i);

  /// `got`: what a kernel returned, on whose side of the exact value the bound is wanted.
  NumberStandard of(Output output, std::int64_t channel, double got) const;
  /// The tier that decides; none where an input is not finite.
  std::optional<Tier> tier() const;
  /// Visible ones.
  std::int64_t keys() const { return keys_; }

 private:
  NumberStandard of_out(std::int64_t channel, double got) const;
  NumberStandard of_lse() const;

  std::int64_t keys_ = 0;
  StandardMemo::Shared standard_;  // null: an input is not finite, or no key is seen and there is no sink
};

}  // namespace attest::oracle
