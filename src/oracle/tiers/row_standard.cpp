#include "oracle/tiers/row_standard.hpp"

#include <array>
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

// A row's certificate depends on every member of Row, so all of them belong into the key: a member more must
// be added to key_of below.
struct HeadMembers {
  double scale, softcap, slope;
  std::optional<double> sink;
  double q_normal, kv_normal;
};
struct RowMembers : HeadMembers {
  std::int64_t keys, qk_dim, v_dim, span;
  std::vector<double> q, k, v, bias, distance;
  bool finite;
};
static_assert(sizeof(HeadTerms) == sizeof(HeadMembers) && sizeof(Row) == sizeof(RowMembers));

Fingerprint key_of(Fingerprinter print, const Row& row) {
  print.add(std::array{row.scale, row.softcap, row.slope, row.sink.value_or(0), row.q_normal, row.kv_normal});
  print.add(row.sink ? 1U : 0U);
  for (const std::int64_t n : {row.keys, row.qk_dim, row.v_dim, row.span})
    print.add(static_cast<std::uint64_t>(n));
  for (const std::vector<double>* values : {&row.q, &row.k, &row.v, &row.bias, &row.distance})
    print.add(*values);
  return print.fingerprint();
}

// What is kept takes as much memory for a row of few keys as for one of many, and saves less.
bool worth_keeping(const Row& row) { return row.keys >= 4; }

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

StandardMemo::Shared Standards::of(const Row& row) const {
  StandardMemo& memo = standard_memo();
  const bool keeps = common_ && worth_keeping(row);
  const Fingerprint key = keeps ? key_of(*common_, row) : Fingerprint{};
  if (keeps) {
    if (StandardMemo::Shared known = memo.find(key)) return known;
  }
  auto made = std::make_shared<const RowStandard>(standard_of(certify(problem_, contract_, row)));
  if (keeps) memo.keep(key, made, bytes_of(*made));
  return made;
}

}  // namespace attest::oracle
