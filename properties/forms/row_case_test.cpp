// The generator of cases: what it promises to the laws.
#include "forms/cases/row_case.hpp"

#include <set>
#include <sstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace attest::properties {
namespace {

RC_GTEST_PROP(RowCases, AreWellFormed, ()) {
  const forms::RowCase row = *forms::any_row();
  RC_ASSERT(!row.keys.empty());
  RC_ASSERT(row.channels >= 1U && row.channels <= forms::kMostChannels);
  RC_ASSERT(row.choices.tile >= 1U && row.choices.splits >= 1U && row.choices.chunk >= 1U);
  for (const forms::KeyCase& key : row.keys) RC_ASSERT(key.grain >= 0 && key.grain < 8);
}

RC_GTEST_PROP(RowCases, AreTheSameFromTheSameRandom, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  RC_ASSERT(forms::any_row()(rc::Random(seed)).value() == forms::any_row()(rc::Random(seed)).value());
}

// Takes the first shrink each time.
RC_GTEST_PROP(RowCases, ShrinkToAnEndWithinWellFormedCases, ()) {
  forms::RowCase row = *forms::any_row();
  if (row.keys.size() > 4) row.keys.resize(4);
  int steps = 0;
  for (bool simpler = true; simpler; ++steps) {
    simpler = false;
    rc::Seq<forms::RowCase> shrinks = forms::shrinks_of(row);
    while (auto next = shrinks.next()) {
      RC_ASSERT(!(*next == row));
      RC_ASSERT(!next->keys.empty());
      row = *next;
      simpler = true;
      break;
    }
    RC_ASSERT(steps < 100000);
  }
  RC_ASSERT(row.keys.size() == 1U);
  RC_ASSERT(forms::describe(row) == "scores 0, values 0");
}

TEST(RowCases, ContainEveryKind) {
  std::set<std::string_view> names;
  for (const forms::RowKind& kind : forms::row_kinds()) {
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_GT(kind.reason.size(), 20U);
    EXPECT_GT(kind.share, 0);
  }
  int nothing = 0;
  int long_rows = 0;
  int huge = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const forms::RowCase row = forms::any_row()(rc::Random(seed)).value();
    const auto visible = [](const forms::KeyCase& key) { return key.visible; };
    nothing += std::none_of(row.keys.begin(), row.keys.end(), visible) ? 1 : 0;
    long_rows += row.keys.size() > 12 ? 1 : 0;
    huge +=
        std::any_of(row.keys.begin(), row.keys.end(), [](const forms::KeyCase& k) { return k.score > 400; })
            ? 1
            : 0;
  }
  EXPECT_GT(nothing, 10);
  EXPECT_GT(long_rows, 10);
  EXPECT_GT(huge, 10);
}

TEST(RowCases, AreShownOnOneLine) {
  forms::RowCase row;
  row.keys = {{.score = 4, .value = {1, -2}}, {.score = -3, .grain = 5, .visible = false, .value = {0, 7}}};
  row.channels = 2;
  row.choices.tile = 2;
  std::ostringstream shown;
  forms::showValue(row, shown);
  EXPECT_EQ(shown.str(), "scores 4 -3+5g*, values 1/-2 0/7, tile 2");
}

}  // namespace
}  // namespace attest::properties
