#include "oracle/tiers/row_standard.hpp"

#include <memory>

#include "oracle/contract/fingerprint.hpp"

namespace attest::oracle {
namespace {

// About what an entry takes in addition to its channels: nodes of the map, control block, the standard
// itself.
constexpr std::size_t kEntry = 208;

std::size_t bytes_of(const RowStandard& standard) {
  return kEntry + standard.out.capacity() * sizeof(ChannelStandard);
}

// What is kept takes as much memory for a row of few keys as for one of many, and saves less.
bool worth_keeping(std::int64_t keys) { return keys >= 4; }

}  // namespace

RowStandard standard_of(const Certificate& certificate) {
  RowStandard standard{.tier = certificate.facts.tier,
                       .out = {},
                       .lse = certificate.facts.lse,
                       .lse_bound = certificate.lse_bound(),
                       .lse_in_range = certificate.bound.lse_in_range};
  standard.out.reserve(certificate.facts.out.size());
  for (std::size_t c = 0; c < certificate.facts.out.size(); ++c) standard.out.push_back(certificate.out(c));
  return standard;
}

StandardMemo& standard_memo() {
  static StandardMemo memo;
  return memo;
}

Standards::Standards(const Problem& problem, const ContractSet& contract)
    : problem_(problem), contract_(contract) {
  if (!standard_memo().keeps()) return;
  common_.emplace();
  for (const DType dtype : {problem.q.dtype(), problem.lse_dtype()})
    common_->add(static_cast<std::uint64_t>(dtype));
  add_to(*common_, contract);
}

StandardMemo::Shared Standards::made(const std::optional<Fingerprint>& key, const Row& row) const {
  auto made = std::make_shared<const RowStandard>(standard_of(certify(problem_, contract_, row)));
  if (key) standard_memo().keep(*key, made, bytes_of(*made));
  return made;
}

StandardMemo::Shared Standards::of(const Row& row) const {
  std::optional<Fingerprint> key;
  if (common_ && worth_keeping(row.keys)) key = key_of(*common_, row);
  if (key) {
    if (StandardMemo::Shared known = standard_memo().find(*key)) return known;
  }
  return made(key, row);
}

StandardMemo::Shared Standards::of(RowKeys& row_keys, std::int64_t b, std::int64_t h, std::int64_t i,
                                   const std::vector<std::int64_t>& keys) const {
  std::optional<Fingerprint> key;
  if (common_ && worth_keeping(static_cast<std::int64_t>(keys.size())))
    key = row_keys.of(*common_, b, h, i, keys);
  if (key) {
    if (StandardMemo::Shared known = standard_memo().find(*key)) return known;
  }
  const Row row = gather_row(problem_, b, h, i, keys);
  return row.finite ? made(key, row) : nullptr;
}

}  // namespace attest::oracle
