// What a row is known by: the fingerprint of all that gather_row would make of it.
#pragma once

#include <cstdint>
#include <vector>

#include "numerics/fingerprint.hpp"
#include "oracle/definition/row.hpp"

namespace attest::oracle {

/// Of a gathered row, after what rows have in common.
Fingerprint key_of(const Fingerprinter& common, const Row& row);

/// The same of rows that are not gathered: each key and value of a head is read once for all of them.
class RowKeys {
 public:
  /// The problem must outlive it.
  explicit RowKeys(const Problem& problem) : p_(problem) {}

  /// `keys`: what the row sees.
  Fingerprint of(const Fingerprinter& common, std::int64_t b, std::int64_t h, std::int64_t i,
                 const std::vector<std::int64_t>& keys);

 private:
  void go_to(std::int64_t b, std::int64_t kv_head);
  const Fingerprint& of_key(std::int64_t j);

  const Problem& p_;
  std::int64_t b_ = -1, kv_head_ = -1;
  std::vector<Fingerprint> made_;  // [kv_len] of the head
  std::vector<bool> is_made_;
  std::vector<Fingerprint> seen_;
  std::vector<double> q_, k_, v_, bias_, distance_;
};

}  // namespace attest::oracle
