// The visible set against tables drawn by hand: rows are queries, columns keys, 'x' visible, '.' masked.
#include "oracle/definition/visible.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace attest::oracle {
namespace {

using Table = std::vector<std::string>;

Problem shaped(std::int64_t q_len, std::int64_t kv_len, std::int64_t batch = 1) {
  Problem p;
  p.q = Tensor(DType::f32, {batch, 1, q_len, 1});
  p.k = Tensor(DType::f32, {batch, 1, kv_len, 1});
  p.v = Tensor(DType::f32, {batch, 1, kv_len, 1});
  return p;
}

Table table_of(const Problem& p, std::int64_t b = 0, std::int64_t h = 0) {
  Table table;
  for (std::int64_t i = 0; i < p.q_len(); ++i) {
    std::string line;
    for (std::int64_t j = 0; j < p.kv_len(); ++j) line += visible(p, b, h, i, j) ? 'x' : '.';
    table.push_back(line);
    const KeyRange range = key_range(p, b, i);
    EXPECT_LE(visible_keys(p, b, h, i).size(), static_cast<std::size_t>(range.end - range.begin));
    EXPECT_EQ(visible_keys(p, b, h, i).size(),
              static_cast<std::size_t>(std::count(line.begin(), line.end(), 'x')));
    if (!p.mask && !p.bias) {
      EXPECT_EQ(visible_keys(p, b, h, i).size(), static_cast<std::size_t>(range.end - range.begin));
    }
  }
  return table;
}

TEST(Visible, WithoutMasksEveryKeyIs) { EXPECT_EQ(table_of(shaped(2, 3)), (Table{"xxx", "xxx"})); }

TEST(Visible, CausalOnASquareIsTheLowerTriangleInBothAlignments) {
  Problem p = shaped(3, 3);
  for (const Causal causal : {Causal::top_left, Causal::bottom_right}) {
    p.causal = causal;
    EXPECT_EQ(table_of(p), (Table{"x..", "xx.", "xxx"}));
  }
}

TEST(Visible, TopLeftStartsAtTheFirstKeyWhateverTheLengths) {
  Problem p = shaped(2, 5);
  p.causal = Causal::top_left;
  EXPECT_EQ(table_of(p), (Table{"x....", "xx..."}));
  p = shaped(4, 2);
  p.causal = Causal::top_left;
  EXPECT_EQ(table_of(p), (Table{"x.", "xx", "xx", "xx"}));
}

// Of a capture: row i stands at q_start + i, whatever the lengths.
TEST(Visible, QStartReplacesTheAlignment) {
  Problem p = shaped(2, 5);
  p.causal = Causal::bottom_right;
  p.q_start = 1;
  EXPECT_EQ(table_of(p), (Table{"xx...", "xxx.."}));
  p.window_left = 1;
  EXPECT_EQ(table_of(p), (Table{"xx...", ".xx.."}));
  p.causal = Causal::none;
  p.window_right = 1;
  EXPECT_EQ(table_of(p), (Table{"xxx..", ".xxx."}));
  p.q_start = -1;
  EXPECT_EQ(table_of(p), (Table{"x....", "xx..."}));
  // Far from the keys a wide window still cuts: row 0 stands at 100 and sees keys from 97 on.
  p.q_start = 100;
  p.window_left = 8;
  EXPECT_EQ(table_of(p), (Table{".....", "....."}));
  p.window_left = 97;
  EXPECT_EQ(table_of(p), (Table{"...xx", "....x"}));
  p.kv_lens = Tensor(DType::i32, {1});
  p.kv_lens->set({0}, 4);
  EXPECT_EQ(table_of(p), (Table{"...x.", "....."}));
}

TEST(Visible, BottomRightEndsAtTheLastKey) {
  Problem p = shaped(2, 5);
  p.causal = Causal::bottom_right;
  EXPECT_EQ(table_of(p), (Table{"xxxx.", "xxxxx"}));
}

TEST(Visible, BottomRightWithMoreQueriesThanKeysBeginsWithEmptyRows) {
  Problem p = shaped(4, 2);
  p.causal = Causal::bottom_right;
  EXPECT_EQ(table_of(p), (Table{"..", "..", "x.", "xx"}));
}

TEST(Visible, KvLensHideThePaddingAndMoveTheBottomRightDiagonal) {
  Problem p = shaped(2, 5, 2);
  p.kv_lens = Tensor(DType::i32, {2});
  p.kv_lens->assign({3, 0});
  EXPECT_EQ(table_of(p, 0), (Table{"xxx..", "xxx.."}));
  EXPECT_EQ(table_of(p, 1), (Table{".....", "....."}));
  p.causal = Causal::bottom_right;
  EXPECT_EQ(table_of(p, 0), (Table{"xx...", "xxx.."}));
  p.causal = Causal::top_left;
  EXPECT_EQ(table_of(p, 0), (Table{"x....", "xx..."}));
}

TEST(Visible, WindowsCountFromTheRowsPosition) {
  Problem p = shaped(4, 4);
  p.causal = Causal::bottom_right;
  p.window_left = 1;
  EXPECT_EQ(table_of(p), (Table{"x...", "xx..", ".xx.", "..xx"}));
  p.window_left = 0;
  EXPECT_EQ(table_of(p), (Table{"x...", ".x..", "..x.", "...x"}));
}

TEST(Visible, WindowsWorkWithoutCausalityAndAlignBottomRight) {
  Problem p = shaped(2, 5);
  p.window_left = 1;
  p.window_right = 1;
  EXPECT_EQ(table_of(p), (Table{"..xxx", "...xx"}));
  p.window_right = -1;
  EXPECT_EQ(table_of(p), (Table{"..xxx", "...xx"}));
  p.window_left = -1;
  p.window_right = 0;
  EXPECT_EQ(table_of(p), (Table{"xxxx.", "xxxxx"}));
}

TEST(Visible, WindowUnderTopLeftCountsFromTheRowIndexWhateverKvLens) {
  Problem p = shaped(3, 4);
  p.causal = Causal::top_left;
  p.window_left = 1;
  p.kv_lens = Tensor(DType::i32, {1});
  p.kv_lens->assign({2});
  EXPECT_EQ(table_of(p), (Table{"x...", "xx..", ".x.."}));
}

TEST(Visible, ARightWindowDoesNotLookPastTheDiagonal) {
  Problem p = shaped(3, 3);
  p.causal = Causal::bottom_right;
  p.window_right = 1;
  EXPECT_EQ(table_of(p), (Table{"x..", "xx.", "xxx"}));
}

TEST(Visible, MaskAndBiasMaskBothHideAndBroadcast) {
  Problem p = shaped(2, 3);
  p.mask = Tensor(DType::u8, {1, 1, 1, 3});
  p.mask->assign({1, 0, 1});
  EXPECT_EQ(table_of(p), (Table{"x.x", "x.x"}));
  p.bias = Tensor(DType::f32, {1, 1, 2, 3});
  p.bias->assign({-HUGE_VAL, 0, 0, 0, 0, -1e30});
  EXPECT_EQ(table_of(p), (Table{"..x", "x.x"}));
}

TEST(Visible, MaskAndBiasOfABatchAndHeadAreItsOwn) {
  Problem p = shaped(1, 3, 2);
  p.q = Tensor(DType::f32, {2, 2, 1, 1});
  p.mask = Tensor(DType::u8, {2, 1, 1, 3});
  p.mask->assign({1, 1, 0, 0, 1, 1});
  p.bias = Tensor(DType::f32, {1, 2, 1, 3});
  p.bias->assign({-HUGE_VAL, 0, 0, 0, 0, -HUGE_VAL});
  EXPECT_EQ(table_of(p, 0, 0), (Table{".x."}));
  EXPECT_EQ(table_of(p, 0, 1), (Table{"xx."}));
  EXPECT_EQ(table_of(p, 1, 0), (Table{".xx"}));
  EXPECT_EQ(table_of(p, 1, 1), (Table{".x."}));
}

TEST(Visible, BothWindowsCountFromTheLastExistingKeyUnderKvLens) {
  Problem p = shaped(2, 6);
  p.kv_lens = Tensor(DType::i32, {1});
  p.kv_lens->assign({4});
  p.window_left = 1;
  p.window_right = 1;
  EXPECT_EQ(table_of(p), (Table{".xxx..", "..xx.."}));
  p.causal = Causal::bottom_right;
  EXPECT_EQ(table_of(p), (Table{".xx...", "..xx.."}));
}

TEST(Visible, SlopesSinksAndSoftcapHideNothing) {
  Problem p = shaped(2, 3);
  p.alibi_slopes = Tensor(DType::f32, {1});
  p.alibi_slopes->assign({100});
  p.sink = Tensor(DType::f32, {1});
  p.sink->assign({1e30});
  p.softcap = 1;
  EXPECT_EQ(table_of(p), (Table{"xxx", "xxx"}));
}

TEST(Visible, QueryHeadsReadTheirGroupsHead) {
  Problem p = shaped(1, 1);
  p.q = Tensor(DType::f32, {1, 6, 1, 1});
  p.k = p.v = Tensor(DType::f32, {1, 3, 1, 1});
  std::vector<std::int64_t> heads;
  for (std::int64_t h = 0; h < 6; ++h) heads.push_back(kv_head_of(p, h));
  EXPECT_EQ(heads, (std::vector<std::int64_t>{0, 0, 1, 1, 2, 2}));
}

}  // namespace
}  // namespace attest::oracle
