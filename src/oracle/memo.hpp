// Values by fingerprints of what they depend on, in bounded memory.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "numerics/fingerprint.hpp"

namespace attest::oracle {

/// It keeps nothing until somebody sets its limit. Safe to use from several threads.
template <class Value>
class Memo {
 public:
  using Shared = std::shared_ptr<const Value>;

  /// About how many bytes are kept at most. 0 forgets everything, and keeps nothing from then on.
  void limit(std::size_t bytes) {
    most_ = bytes;
    if (bytes > 0) return;
    for (Shard& shard : shards_) {
      const std::lock_guard lock(shard.mutex);
      shard.young.clear();
      shard.old.clear();
      shard.young_bytes = 0;
    }
  }
  bool keeps() const { return most_ > 0; }

  /// Null where it is not known.
  Shared find(const Fingerprint& key) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    if (const auto found = shard.young.find(key); found != shard.young.end()) return found->second.value;
    const auto found = shard.old.find(key);
    if (found == shard.old.end()) return nullptr;
    Entry entry = std::move(found->second);
    shard.old.erase(found);
    Shared value = entry.value;
    put(shard, key, std::move(entry));
    return value;
  }

  /// `bytes`: about what the entry takes.
  void keep(const Fingerprint& key, Shared value, std::size_t bytes) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    put(shard, key, {std::move(value), bytes});
  }

 private:
  struct Hash {
    std::size_t operator()(const Fingerprint& key) const { return static_cast<std::size_t>(key.first); }
  };
  struct Entry {
    Shared value;
    std::size_t bytes = 0;
  };
  using Map = std::unordered_map<Fingerprint, Entry, Hash>;
  // What was used since the last turn, and what was used in the turn before.
  struct Shard {
    std::mutex mutex;
    Map young, old;
    std::size_t young_bytes = 0;
  };
  static constexpr std::size_t kShards = 16;

  Shard& shard_of(const Fingerprint& key) { return shards_[key.second % kShards]; }

  // Half of the memory is for the young, who become old together.
  void put(Shard& shard, const Fingerprint& key, Entry entry) const {
    const std::size_t bytes = entry.bytes;
    if (shard.young_bytes + bytes > most_ / kShards / 2) {
      shard.old = std::exchange(shard.young, {});
      shard.young_bytes = 0;
    }
    if (shard.young.emplace(key, std::move(entry)).second) shard.young_bytes += bytes;
  }

  std::atomic<std::size_t> most_ = 0;
  std::array<Shard, kShards> shards_;
};

}  // namespace attest::oracle
