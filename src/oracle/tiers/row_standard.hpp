// What the outputs of a row are judged by, kept for rows that come again.
#pragma once

#include <optional>
#include <vector>

#include "numerics/fingerprint.hpp"
#include "oracle/memo.hpp"
#include "oracle/tiers/certificate.hpp"

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

 private:
  const Problem& problem_;
  const ContractSet& contract_;
  std::optional<Fingerprinter> common_;  ///< of all but the row; none: the memo keeps nothing
};

}  // namespace attest::oracle
