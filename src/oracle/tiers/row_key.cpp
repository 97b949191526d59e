#include "oracle/tiers/row_key.hpp"

#include <array>
#include <cstdlib>
#include <optional>
#include <span>

#include "oracle/definition/visible.hpp"
#include "problem/key_value.hpp"

namespace attest::oracle {
namespace {

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
  bool finite;  // says nothing that the values do not
};
static_assert(sizeof(HeadTerms) == sizeof(HeadMembers) && sizeof(Row) == sizeof(RowMembers));

struct Parts {
  HeadTerms terms;
  std::int64_t qk_dim, v_dim, span_of_keys;
  std::span<const double> q, bias, distance;
  std::span<const Fingerprint> keys;  ///< with their values
};

Fingerprint key_of(Fingerprinter print, const Parts& row) {
  const HeadTerms& t = row.terms;
  print.add(std::array{t.scale, t.softcap, t.slope, t.sink.value_or(0), t.q_normal, t.kv_normal});
  print.add(t.sink ? 1U : 0U);
  for (const std::int64_t n : {row.qk_dim, row.v_dim, row.span_of_keys})
    print.add(static_cast<std::uint64_t>(n));
  print.add(row.keys);
  for (const std::span<const double>& values : {row.q, row.bias, row.distance}) print.add(values);
  return print.fingerprint();
}

Fingerprint of_key_and_value(std::span<const double> k, std::span<const double> v) {
  Fingerprinter print;
  print.add(k);
  print.add(v);
  return print.fingerprint();
}

}  // namespace

Fingerprint key_of(const Fingerprinter& common, const Row& row) {
  std::vector<Fingerprint> keys;
  const auto qk_dim = static_cast<std::size_t>(row.qk_dim);
  const auto v_dim = static_cast<std::size_t>(row.v_dim);
  for (std::size_t j = 0; j < static_cast<std::size_t>(row.keys); ++j)
    keys.push_back(of_key_and_value({row.k.data() + j * qk_dim, qk_dim}, {row.v.data() + j * v_dim, v_dim}));
  return key_of(common, {static_cast<const HeadTerms&>(row), row.qk_dim, row.v_dim, row.span, row.q, row.bias,
                         row.distance, keys});
}

void RowKeys::go_to(std::int64_t b, std::int64_t kv_head) {
  if (b == b_ && kv_head == kv_head_) return;
  b_ = b;
  kv_head_ = kv_head;
  made_.resize(static_cast<std::size_t>(p_.kv_len()));
  is_made_.assign(made_.size(), false);
  q_.resize(static_cast<std::size_t>(p_.qk_dim()));
  k_.resize(q_.size());
  v_.resize(static_cast<std::size_t>(p_.v_dim()));
}

const Fingerprint& RowKeys::of_key(std::int64_t j) {
  const auto at = static_cast<std::size_t>(j);
  if (!is_made_[at]) {
    const KeyValue keys_and_values(p_);
    keys_and_values.load_key(b_, kv_head_, j, k_.data());
    keys_and_values.load_value(b_, kv_head_, j, v_.data());
    made_[at] = of_key_and_value(k_, v_);
    is_made_[at] = true;
  }
  return made_[at];
}

Fingerprint RowKeys::of(const Fingerprinter& common, std::int64_t b, std::int64_t h, std::int64_t i,
                        const std::vector<std::int64_t>& keys) {
  go_to(b, kv_head_of(p_, h));
  load_row(p_.q, b, h, i, q_.data());
  seen_.clear();
  bias_.clear();
  distance_.clear();
  const std::int64_t position = position_of(p_, b, i);
  for (const std::int64_t j : keys) {
    seen_.push_back(of_key(j));
    if (p_.bias) bias_.push_back(p_.bias->at({b, h, i, j}));
    if (p_.alibi_slopes) distance_.push_back(static_cast<double>(std::llabs(position - j)));
  }
  return key_of(common,
                {head_terms(p_, h), p_.qk_dim(), p_.v_dim(), keys_of(p_, b), q_, bias_, distance_, seen_});
}

}  // namespace attest::oracle
