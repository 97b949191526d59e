// What the outputs of a row are judged by, kept for rows that come again.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "numerics/fingerprint.hpp"
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

/// Standards by the fingerprints of what they depend on. Campaigns of one seed draw the same problems for
/// every kernel that accepts the same, and laws repeat rows. Safe to use from several threads.
class StandardMemo {
 public:
  using Shared = std::shared_ptr<const RowStandard>;

  /// The memo of this process. It keeps nothing until somebody sets its limit.
  static StandardMemo& of_process();

  /// About how many bytes are kept at most. 0 forgets everything, and keeps nothing from then on.
  void limit(std::size_t bytes);
  bool keeps() const { return most_ > 0; }
  /// Null where it is not known.
  Shared find(const Fingerprint& key);
  void keep(const Fingerprint& key, Shared standard);

 private:
  struct Hash {
    std::size_t operator()(const Fingerprint& key) const { return static_cast<std::size_t>(key.first); }
  };
  using Map = std::unordered_map<Fingerprint, Shared, Hash>;
  // What was used since the last turn, and what was used in the turn before.
  struct Shard {
    std::mutex mutex;
    Map young, old;
    std::size_t young_bytes = 0;
  };
  static constexpr std::size_t kShards = 16;

  Shard& shard_of(const Fingerprint& key) { return shards_[key.second % kShards]; }
  void put(Shard& shard, const Fingerprint& key, Shared standard) const;

  std::atomic<std::size_t> most_ = 0;
  std::array<Shard, kShards> shards_;
};

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
