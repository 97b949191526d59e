// The list of what is rounded on the way to a score: complete, in order, and only what the contract has.
#include "oracle/contract/stages.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace attest::oracle {
namespace {

using Named = std::pair<Step, Quantity>;

std::vector<Named> named(const Stages& stages) {
  std::vector<Named> list;
  for (const Stage& stage : stages) list.emplace_back(stage.step, stage.of);
  return list;
}

constexpr ScoreParts kEveryPart{.softcap = true, .bias = true, .alibi = true};

TEST(Stages, OfAPlainScoreAreTheProductAndTheScale) {
  EXPECT_EQ(named(score_stages(parse_contract("f32"), {})),
            (std::vector<Named>{{Step::dot, Quantity::product}, {Step::scale, Quantity::scaled}}));
  EXPECT_TRUE(named(sink_stages(parse_contract("f32"))).empty());
}

TEST(Stages, FollowTheComputation) {
  const Contract c = parse_contract("unfused-f16;accumulate_score=f16;q_conversion=bf16;score_shift=folded");
  EXPECT_EQ(named(score_stages(c, kEveryPart)), (std::vector<Named>{{Step::cast, Quantity::query},
                                                                    {Step::dot, Quantity::product},
                                                                    {Step::cast, Quantity::product},
                                                                    {Step::scale, Quantity::scaled},
                                                                    {Step::cap, Quantity::scaled},
                                                                    {Step::cast, Quantity::scaled},
                                                                    {Step::convert, Quantity::bias},
                                                                    {Step::convert, Quantity::alibi},
                                                                    {Step::multiply, Quantity::alibi},
                                                                    {Step::add, Quantity::score},
                                                                    {Step::cast, Quantity::score},
                                                                    {Step::to_base_two, Quantity::score}}));
  EXPECT_EQ(named(sink_stages(c)), (std::vector<Named>{{Step::convert, Quantity::sink},
                                                       {Step::to_base_two, Quantity::sink},
                                                       {Step::cast, Quantity::sink}}));
}

TEST(Stages, ABiasThatComesFirstIsConvertedBeforeTheProductAndNotAdded) {
  const Contract c = parse_contract("f32;accumulate_score=f16;score.bias=first;k_conversion=e4m3");
  EXPECT_EQ(named(score_stages(c, {.bias = true})), (std::vector<Named>{{Step::cast, Quantity::key},
                                                                        {Step::convert, Quantity::bias},
                                                                        {Step::dot, Quantity::product},
                                                                        {Step::scale, Quantity::scaled}}));
  // Softcap comes between the product and the bias.
  EXPECT_EQ(named(score_stages(c, {.softcap = true, .bias = true})).back(),
            (Named{Step::add, Quantity::score}));
}

TEST(Stages, OfQueriesInBlocksAreNoCast) {
  const Stages stages = score_stages(parse_contract("f32;q_conversion=q8_0"), {});
  EXPECT_EQ(named(stages).front(), (Named{Step::quantise, Quantity::query}));
  EXPECT_EQ(named(stages).size(), 3U);
}

TEST(Stages, CastToTheContractsFormats) {
  const Contract c = parse_contract("f32;q_conversion=bf16;score.scaled=f16");
  std::vector<Format> formats;
  for (const Stage& stage : score_stages(c, kEveryPart)) {
    if (stage.to) formats.push_back(*stage.to.format);
  }
  EXPECT_EQ(formats, (std::vector<Format>{kBfloat16, kBinary16}));
}

}  // namespace
}  // namespace attest::oracle
