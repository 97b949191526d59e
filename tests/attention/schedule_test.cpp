#include "attention/schedule.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace attest::attention {
namespace {

// The tiles of a schedule, from left to right.
void append_tiles(const Schedule& schedule, std::vector<Schedule>& tiles) {
  if (schedule.parts.empty()) tiles.push_back(schedule);
  for (const auto& part : schedule.parts) append_tiles(part, tiles);
}

// Each key exactly once, in order, and each node as wide as its parts.
bool covers(const Schedule& schedule, std::size_t begin, std::size_t end) {
  if (schedule.begin != begin || schedule.end != end) return false;
  if (schedule.parts.empty()) return true;
  std::size_t at = begin;
  for (const auto& part : schedule.parts) {
    if (part.begin != at || !covers(part, part.begin, part.end)) return false;
    at = part.end;
  }
  return at == end;
}

TEST(Schedule, IsShownByItsBrackets) {
  EXPECT_EQ(to_string(sequential(3)), "(0 1 2)");
  EXPECT_EQ(to_string(sequential(1)), "0");
  EXPECT_EQ(to_string(sequential(0)), "()");
  EXPECT_EQ(to_string(tiled(7, 3)), "(0..2 3..5 6)");
  EXPECT_EQ(to_string(tiled(3, 3)), "0..2");
  EXPECT_EQ(to_string(tree(5)), "((0 1) (2 (3 4)))");
  EXPECT_EQ(to_string(split_k(7, 2, 2)), "((0..1 2) (3..4 5..6))");
  EXPECT_EQ(to_string(split_k(2, 3, 1)), "(() 0 1)");
}

TEST(Schedule, CoversEachKeyOnce) {
  for (std::size_t keys = 0; keys <= 40; ++keys) {
    EXPECT_TRUE(covers(tree(keys), 0, keys)) << keys;
    for (std::size_t tile = 1; tile <= 41; ++tile) {
      EXPECT_TRUE(covers(tiled(keys, tile), 0, keys)) << keys << " " << tile;
      for (const std::size_t splits : {1U, 2U, 3U, 7U, 50U}) {
        EXPECT_TRUE(covers(split_k(keys, splits, tile), 0, keys)) << keys << " " << splits << " " << tile;
      }
    }
  }
}

TEST(Schedule, TilesHoldNoMoreKeysThanAsked) {
  for (std::size_t tile = 1; tile <= 5; ++tile) {
    std::vector<Schedule> tiles;
    append_tiles(split_k(23, 3, tile), tiles);
    for (const auto& leaf : tiles) EXPECT_LE(leaf.end - leaf.begin, tile);
  }
}

TEST(Schedule, EnumeratesEveryBracketingOnce) {
  const std::vector<std::size_t> catalan{1, 1, 2, 5, 14, 42};
  const std::vector<std::size_t> with_tiles{1, 2, 5, 15, 51, 188};
  for (std::size_t keys = 1; keys <= 6; ++keys) {
    std::set<std::string> bracketings;
    std::set<std::string> schedules;
    for (const auto& schedule : all_bracketings(keys)) {
      EXPECT_TRUE(covers(schedule, 0, keys));
      bracketings.insert(to_string(schedule));
    }
    for (const auto& schedule : all_schedules(keys)) {
      EXPECT_TRUE(covers(schedule, 0, keys));
      schedules.insert(to_string(schedule));
    }
    EXPECT_EQ(bracketings.size(), catalan[keys - 1]);
    EXPECT_EQ(all_bracketings(keys).size(), catalan[keys - 1]);
    EXPECT_EQ(schedules.size(), with_tiles[keys - 1]);
    EXPECT_EQ(all_schedules(keys).size(), with_tiles[keys - 1]);
    EXPECT_TRUE(std::includes(schedules.begin(), schedules.end(), bracketings.begin(), bracketings.end()));
  }
}

}  // namespace
}  // namespace attest::attention
