// A part of a campaign that runs by itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace attest::check {

/// The `index`-th of `count` parts, from 1. Of each `count` cases in a row, a part judges one, and which
/// varies, so that no part gets all cases of a family.
struct Shard {
  std::int64_t index = 1, count = 1;

  bool judges(std::int64_t number) const { return (number + number / count) % count == index - 1; }
  std::string text() const;  ///< "3/8"
  friend bool operator==(const Shard&, const Shard&) = default;
};

inline constexpr std::int64_t kMostShards = 4096;

/// Of "3/8". None for anything else, or more than kMostShards.
std::optional<Shard> shard_from(std::string_view text);

}  // namespace attest::check
