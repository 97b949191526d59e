// What the outputs of a row are judged by, kept for rows that come again.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "numerics/fingerprint.hpp"
#include "oracle/memo.hpp"
#include "oracle/tiers/certificate.hpp"
#include "oracle/tiers/row_key.hpp"

namespace attest::oracle {

/// A certificate without the facts of its keys.
struct RowStandard {
  Tier tier = Tier::f64;
  std::vector<ChannelStandard> out;  ///< [v_dim]
  Known lse;
  double lse_bound = 0;  ///< the radius is not included
  bool lse_in_range = true;
};

RowStandard standard_of(const Certificate& certificate);

/// Campaigns of one seed draw the same problems for every kernel that accepts the same, and laws repeat rows.
using StandardMemo = Memo<RowStandard>;

/// The memo of this process.
StandardMemo& standard_memo();

/// Standards for rows of problems with these dtypes, under one contract, from the process's memo.
class Standards {
 public:
  /// Both must outlive it.
  Standards(const Problem& problem, const ContractSet& contract);

  /// Precondition: as for certify.
  StandardMemo::Shared of(const Row& row) const;
  /// Of a row of the problem that sees these keys, at least one; gathered only where it is not known. Null
  /// where an input is not finite.
  StandardMemo::Shared of(RowKeys& row_keys, std::int64_t b, std::int64_t h, std::int64_t i,
                          const std::vector<std::int64_t>& keys) const;

 private:
  StandardMemo::Shared made(const std::optional<Fingerprint>& key, const Row& row) const;

  const Problem& problem_;
  const ContractSet& contract_;
  std::optional<Fingerprinter> common_;  ///< of all but the row; none: the memo keeps nothing
};

}  // namespace attest::oracle
