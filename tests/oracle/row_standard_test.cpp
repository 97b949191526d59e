// What is kept of a row's certificate equals a certificate made anew, for that row and for no other.
#include "oracle/tiers/row_standard.hpp"

#include <cmath>
#include <functional>
#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "blocked_problems.hpp"
#include "oracle/definition/visible.hpp"
#include "oracle/judge/judge.hpp"

namespace attest::oracle {
namespace {

// While one exists, the process keeps standards.
struct Keeping {
  explicit Keeping(std::size_t bytes = std::size_t{64} << 20) { standard_memo().limit(bytes); }
  Keeping(const Keeping&) = delete;
  Keeping& operator=(const Keeping&) = delete;
  ~Keeping() { standard_memo().limit(0); }
};

Row row_of(std::int64_t keys) {
  Row row;
  row.keys = row.span = keys;
  row.qk_dim = 3;
  row.v_dim = 2;
  row.scale = 0.5;
  row.q = {1, -2, 0.25};
  for (std::int64_t j = 0; j < keys; ++j) {
    for (std::int64_t c = 0; c < 3; ++c) row.k.push_back(std::sin(static_cast<double>(j * 3 + c)));
    for (std::int64_t c = 0; c < 2; ++c) row.v.push_back(std::cos(static_cast<double>(j * 2 + c)));
  }
  return row;
}

void expect_same(const Known& a, const Known& b) {
  EXPECT_EQ(a.hi, b.hi);
  EXPECT_EQ(a.lo, b.lo);
  EXPECT_EQ(a.radius, b.radius);
}

void expect_same(const RowStandard& a, const RowStandard& b) {
  EXPECT_EQ(a.tier, b.tier);
  ASSERT_EQ(a.out.size(), b.out.size());
  for (std::size_t c = 0; c < a.out.size(); ++c) {
    expect_same(a.out[c].exact, b.out[c].exact);
    EXPECT_EQ(a.out[c].bound, b.out[c].bound);
    EXPECT_EQ(a.out[c].hull, b.out[c].hull);
    EXPECT_EQ(a.out[c].values.low, b.out[c].values.low);
    EXPECT_EQ(a.out[c].values.high, b.out[c].values.high);
    EXPECT_EQ(a.out[c].in_range, b.out[c].in_range);
  }
  expect_same(a.lse, b.lse);
  EXPECT_EQ(a.lse_bound, b.lse_bound);
  EXPECT_EQ(a.lse_in_range, b.lse_in_range);
}

RowStandard fresh(const Problem& p, const ContractSet& contract, const Row& row) {
  return standard_of(certify(p, contract, row));
}

TEST(RowStandard, ARowThatComesAgainIsTheSameObject) {
  const Keeping keeping;
  const Problem p;
  const ContractSet contract = contract_for("f32", DType::f32, DType::f32);
  const StandardMemo::Shared first = Standards(p, contract).of(row_of(8));
  EXPECT_EQ(Standards(p, contract).of(row_of(8)), first);
  expect_same(*first, fresh(p, contract, row_of(8)));
}

TEST(RowStandard, NothingIsKeptUnlessAsked) {
  const Problem p;
  const ContractSet contract = contract_for("f32", DType::f32, DType::f32);
  EXPECT_NE(Standards(p, contract).of(row_of(8)), Standards(p, contract).of(row_of(8)));
}

TEST(RowStandard, EveryMemberOfARowCounts) {
  const Keeping keeping;
  const Problem p;
  const ContractSet contract = contract_for("f32", DType::f32, DType::f32);
  const Standards standards(p, contract);
  Row base = row_of(8);
  base.bias.assign(8, 0.5);
  base.distance.assign(8, 2);
  base.slope = 0.25;
  base.softcap = 3;
  const StandardMemo::Shared first = standards.of(base);
  const std::vector<std::function<void(Row&)>> changes{[](Row& r) { r.scale = 0.75; },
                                                       [](Row& r) { r.softcap = 4; },
                                                       [](Row& r) { r.slope = 0.5; },
                                                       [](Row& r) { r.sink = 0; },
                                                       [](Row& r) { r.span = 9; },
                                                       [](Row& r) { r.q[1] = 2; },
                                                       [](Row& r) { r.k[23] = 5; },
                                                       [](Row& r) { r.v[15] = 5; },
                                                       [](Row& r) { r.bias[7] = 1; },
                                                       [](Row& r) { r.distance[0] = 3; },
                                                       [](Row& r) { r.bias.clear(); },
                                                       [](Row& r) { r.distance.clear(); },
                                                       [](Row& r) { std::swap(r.k[0], r.k[4]); },
                                                       [](Row& r) { r.q_normal = 0x1p-14; },
                                                       [](Row& r) { r.kv_normal = 0x1p-14; }};
  for (std::size_t n = 0; n < changes.size(); ++n) {
    SCOPED_TRACE(n);
    Row changed = base;
    changes[n](changed);
    const StandardMemo::Shared other = standards.of(changed);
    EXPECT_NE(other, first);
    expect_same(*other, fresh(p, contract, changed));
  }
  EXPECT_EQ(standards.of(base), first);
}

// A row is looked for before it is gathered.
TEST(RowStandard, ARowOfAProblemIsKnownByWhatGatheringGives) {
  std::mt19937_64 random(3);
  Fingerprinter common;
  common.add(std::uint64_t{5});
  std::set<std::pair<std::uint64_t, std::uint64_t>> keys;
  std::set<std::vector<double>> different;
  for (const Inputs inputs : {Inputs::ordinary, Inputs::bit_patterns, Inputs::ties, Inputs::leading_mask}) {
    const Problem p = random_problem(random, inputs);
    RowKeys of_problem(p);
    for (std::int64_t b = 0; b < p.batch(); ++b) {
      for (std::int64_t h = 0; h < p.q_heads(); ++h) {
        for (std::int64_t i = p.q_len() - 1; i >= 0; i -= 5) {
          const Row row = gather_row(p, b, h, i);
          const Fingerprint key = of_problem.of(common, b, h, i, visible_keys(p, b, h, i));
          EXPECT_EQ(key, key_of(common, row));
          keys.insert({key.first, key.second});
          std::vector<double> content{row.scale, row.softcap, row.slope, row.sink.value_or(-1),
                                      static_cast<double>(row.span)};
          for (const auto* part : {&row.q, &row.k, &row.v, &row.bias, &row.distance}) {
            content.push_back(static_cast<double>(part->size()));
            for (const double x : *part) content.push_back(std::isnan(x) ? HUGE_VAL : x);
          }
          different.insert(content);
        }
      }
    }
  }
  EXPECT_GT(keys.size(), 100U);
  EXPECT_GE(keys.size(), different.size()) << "rows that differ share a key";
}

TEST(RowStandard, ARowThatIsNotFiniteHasNone) {
  const Keeping keeping;
  std::mt19937_64 random(4);
  Problem p = random_problem(random, Inputs::ordinary);
  const ContractSet contract = contract_for("", p.q.dtype(), p.k.dtype());
  const Standards standards(p, contract);
  const std::int64_t last = p.q_len() - 1;
  const std::vector<std::int64_t> keys = visible_keys(p, 0, 0, last);
  ASSERT_FALSE(keys.empty());
  RowKeys before(p);
  const StandardMemo::Shared finite = standards.of(before, 0, 0, last, keys);
  ASSERT_NE(finite, nullptr);
  expect_same(*finite, fresh(p, contract, gather_row(p, 0, 0, last)));
  p.v.set({0, 0, keys.front(), 0}, NAN);
  RowKeys after(p);
  EXPECT_EQ(standards.of(after, 0, 0, last, keys), nullptr);
}

TEST(RowStandard, ContractAndDtypesCount) {
  const Keeping keeping;
  const Problem p;
  Problem half;
  half.q = Tensor(DType::f16, {1, 1, 1, 1});
  const ContractSet f32 = contract_for("f32", DType::f32, DType::f32);
  const ContractSet looser = contract_for("f32;exp_rel=1e-3", DType::f32, DType::f32);
  const StandardMemo::Shared first = Standards(p, f32).of(row_of(8));
  EXPECT_GT(Standards(p, looser).of(row_of(8))->out[0].bound, 10 * first->out[0].bound);
  EXPECT_GT(Standards(half, f32).of(row_of(8))->out[0].bound, 2 * first->out[0].bound);
}

TEST(RowStandard, MemoryIsBounded) {
  constexpr std::size_t kBytes = std::size_t{1} << 17;
  const Keeping keeping(kBytes);
  const Problem p;
  const ContractSet contract = contract_for("f32", DType::f32, DType::f32);
  const Standards standards(p, contract);
  std::vector<std::weak_ptr<const RowStandard>> made;
  for (int n = 0; n < 3000; ++n) {
    Row row = row_of(4);
    row.scale = 1 + n * 0x1p-12;
    made.push_back(standards.of(row));
  }
  std::size_t kept = 0;
  for (const auto& standard : made) kept += standard.expired() ? 0U : 1U;
  EXPECT_LE(kept * (sizeof(RowStandard) + 2 * sizeof(ChannelStandard)), kBytes);
  EXPECT_GT(kept, 30U);
  EXPECT_FALSE(made.back().expired());
}

// Wrong outputs too, because what is kept also says how wrong they are.
TEST(RowStandard, JudgementsAreTheSame) {
  std::mt19937_64 random(7);
  for (const Inputs inputs : {Inputs::ordinary, Inputs::peaked, Inputs::very_negative, Inputs::near_overflow,
                              Inputs::bit_patterns}) {
    const Problem p = random_problem(random, inputs);
    const ContractSet contract = contract_for("", p.q.dtype(), p.k.dtype());
    Result wrong;
    wrong.out = Tensor(p.q.dtype(), p.out_shape());
    const Judgement alone = judge(p, wrong, contract);
    const Keeping keeping;
    for (int time = 0; time < 2; ++time) {
      const Judgement kept = judge(p, wrong, contract);
      EXPECT_EQ(kept.out.within, alone.out.within);
      EXPECT_EQ(kept.out.violated, alone.out.violated);
      EXPECT_EQ(kept.out.uninformative, alone.out.uninformative);
      EXPECT_EQ(kept.rows_by_tier, alone.rows_by_tier);
      EXPECT_EQ(kept.worst.ratio, alone.worst.ratio);
      EXPECT_EQ(kept.worst.bound, alone.worst.bound);
    }
  }
}

}  // namespace
}  // namespace attest::oracle
