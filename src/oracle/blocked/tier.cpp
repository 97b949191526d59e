#include "oracle/blocked/tier.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "oracle/blocked/group.hpp"

namespace attest::oracle::blocked {
namespace {

constexpr auto kRows = static_cast<std::int64_t>(kGroupRows);
constexpr auto kKeys = static_cast<std::int64_t>(kTileKeys);

std::int64_t padded(std::int64_t n, std::size_t step) {
  const auto s = static_cast<std::int64_t>(step);
  return (n + s - 1) / s * s;
}

KeyRange united(const std::vector<Group>& groups, bool only_first_pass) {
  KeyRange all{};
  for (const Group& group : groups) {
    const KeyRange range = group.range();
    if (range.begin >= range.end || (only_first_pass && !group.needs_largest())) continue;
    if (all.begin >= all.end) all = range;
    all = {std::min(all.begin, range.begin), std::max(all.end, range.end)};
  }
  return all;
}

}  // namespace

std::int64_t rows_per_call(const Problem& problem) {
  // Sums, scaled queries and a tile stay within 1 MiB of cache.
  const std::int64_t width = padded(problem.v_dim(), kChannelStep) + problem.qk_dim();
  return std::clamp<std::int64_t>(49152 / width / kRows, 1, 16) * kRows;
}

bool suits(const Problem& problem) {
  return problem.kv_len() >= 64 && problem.q_len() * problem.kv_len() >= 4096;
}

HeadFacts facts_of_head(const Problem& problem, std::int64_t b, std::int64_t kv_head) {
  return head_facts(problem, b, kv_head, static_cast<std::size_t>(padded(problem.v_dim(), kChannelStep)));
}

void certify_rows(const Problem& problem, const ContractSet& contract, const HeadFacts& head, std::int64_t b,
                  std::int64_t h, std::span<const std::int64_t> rows, std::span<const SharpRow> sharp,
                  const std::function<void(std::int64_t, const CertifiedRow&)>& take) {
  std::vector<Group> groups;
  for (std::size_t i = 0; i < rows.size(); i += kGroupRows) {
    groups.emplace_back(problem, contract, head, b, h,
                        rows.subspan(i, std::min(kGroupRows, rows.size() - i)));
  }
  Tile tile(static_cast<std::size_t>(problem.qk_dim()), head.centre.size());
  GroupScratch scratch;
  const std::int64_t kv_head = kv_head_of(problem, h);
  const std::int64_t keys = keys_of(problem, b);
  const KeyRange first_pass = united(groups, true);
  for (std::int64_t j = first_pass.begin / kKeys * kKeys; j < first_pass.end; j += kKeys) {
    tile.load_keys(problem, b, kv_head, j, keys);
    for (Group& group : groups) {
      if (group.needs_largest()) group.find_largest(tile, j, scratch);
    }
  }
  const KeyRange all = united(groups, false);
  for (std::int64_t j = all.begin / kKeys * kKeys; j < all.end; j += kKeys) {
    tile.load_keys(problem, b, kv_head, j, keys);
    tile.load_values(problem, b, kv_head, j, keys, head);
    for (Group& group : groups) group.add(tile, j, scratch);
  }
  CertifiedRow row;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    groups[i / kGroupRows].finish(i % kGroupRows, sharp.empty() ? nullptr : &sharp[i], row);
    take(rows[i], row);
  }
}

void certify_rows(const Problem& problem, const ContractSet& contract, const HeadFacts& head, std::int64_t b,
                  std::int64_t h, std::int64_t begin, std::int64_t end,
                  const std::function<void(std::int64_t, const CertifiedRow&)>& take) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(std::max<std::int64_t>(0, end - begin)));
  std::iota(rows.begin(), rows.end(), begin);
  certify_rows(problem, contract, head, b, h, rows, {}, take);
}

}  // namespace attest::oracle::blocked
