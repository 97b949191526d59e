// Theorems over a src/attention with the mutations of overlay.py, run on rational numbers: each mutation
// fails goals that no other one does.
#include <set>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "numerics/draw.hpp"
#include "prove/theorem.hpp"
#include "theorems.hpp"

namespace attest::prove {
namespace {

using Goals = std::set<std::string>;

// What fails of a theorem at some of ten points. Hypotheses are of the forms x > 0 and x >= 1.
Goals failed(const Theorem& theorem) {
  Goals goals;
  std::uint64_t seed = 1;
  for (int point = 0; point < 10; ++point) {
    Model model;
    for (const std::string& name : theorem.statement.obligation().variables)
      model.emplace_back(name, std::to_string(1 + random_below(seed++, 9)));
    const Replay replay = theorem.statement.replay(model);
    EXPECT_TRUE(replay.hypotheses_hold) << theorem.name;
    goals.insert(replay.failed.begin(), replay.failed.end());
  }
  return goals;
}

void add(Goals& goals, const std::string& way, std::size_t first, std::size_t last) {
  for (std::size_t c = first; c <= last; ++c) goals.insert(fmt::format("{}, component {}", way, c));
}

TEST(Mutants, OfComponentsFailChannelsAlike) {
  Goals expected{"dot of 3", "dot of 4"};
  for (const char* way : {"merge", "step", "absorb", "lazy_absorb", "guarded_absorb"})
    add(expected, fmt::format("same o, {}", way), 1, 3);
  add(expected, "finalize", 3, 3);
  add(expected, "linear attention", 0, 3);
  EXPECT_EQ(failed(proofs::channels_alike()), expected);
}

TEST(Mutants, OfLoopsFailLongLoops) {
  EXPECT_EQ(failed(proofs::long_loops()),
            (Goals{"same m, decoded", "same l, decoded", "same o, decoded", "same m, row 2 of the chunk",
                   "same l, row 2 of the chunk", "same o, row 2 of the chunk", "same m, row 3 of the chunk",
                   "same l, row 3 of the chunk", "same o, row 3 of the chunk", "gradient of key 2",
                   "gradient of key 3"}));
}

TEST(Mutants, OfTheTileFailTileIsLoop) {
  EXPECT_EQ(failed(proofs::tile_is_loop()), (Goals{"same l, block of 7", "same o, block of 7"}));
}

TEST(Mutants, OfRowsFailTheirTheorems) {
  EXPECT_EQ(failed(proofs::lse_merge()), (Goals{"lse of the merged row", "output of the merged row"}));
  EXPECT_EQ(failed(proofs::one_pass_rows()), (Goals{"row 1", "row 2", "row 3", "row 4"}));
}

}  // namespace
}  // namespace attest::prove
