// The dense forms among the others: which fault each law catches, and every mask of a few keys.
//
// everywhere.hpp puts every law to them as to any form.
#include <gtest/gtest.h>

#include "everywhere.hpp"
#include "forms/forms/form_list.hpp"
#include "planted_worlds.hpp"

namespace attest::properties {
namespace {

constexpr std::string_view kDense = forms::DenseForm::kEntry.name;
constexpr std::string_view kCausal = forms::DenseCausalForm::kEntry.name;

TEST(Dense, RunsInEveryKindOfNumberThatEigenHolds) {
  std::vector<std::string_view> semantics;
  for (const auto& world : forms::form_worlds()) {
    EXPECT_EQ(world->why_not(forms::DenseForm::kEntry), world->why_not(forms::DenseCausalForm::kEntry));
    if (world->why_not(forms::DenseForm::kEntry).empty()) semantics.push_back(world->entry().name);
  }
  EXPECT_EQ(semantics, (std::vector<std::string_view>{"MPFR", "f64", "f32", "f16", "bf16", "f32, P in f16",
                                                      "f32, P in bf16"}));
}

TEST(Dense, IsTheDefinitionUnderEveryMaskOfSixKeys) {
  forms::RowCase row;
  for (int j = 0; j < 6; ++j) row.keys.push_back({.score = 7 * j % 5 - 2, .value = {3 * j - 7}});
  for (const auto& world : forms::form_worlds()) {
    if (!world->why_not(forms::DenseForm::kEntry).empty()) continue;
    for (unsigned visible = 0; visible < 1U << row.keys.size(); ++visible) {
      for (std::size_t j = 0; j < row.keys.size(); ++j) row.keys[j].visible = (visible >> j & 1U) != 0;
      for (const std::string_view form : {kDense, kCausal}) {
        const forms::FormStatement statement{{{row}}, {forms::IsDefinition{}, forms::TotalIsDefinition{}}};
        const forms::Ruling ruling = world->examine(form, statement);
        EXPECT_EQ(ruling.decision, forms::Decision::held)
            << form << ", " << world->entry().name << ": " << forms::describe(row) << ": " << ruling.why;
      }
    }
  }
}

TEST(Dense, HoldsWithoutAFault) {
  const auto world = f32_world_with(DenseFault::none);
  for (const char* law : {"definition", "lse", "decode = prefill", "prefix"}) {
    const forms::LawRun run =
        forms::run_law(*forms::find_form_law(law), forms::DenseCausalForm::kEntry, *world, 7, 100);
    EXPECT_FALSE(run.violation) << law;
    EXPECT_GT(run.decided, 50) << law;
  }
}

TEST(Dense, CatchesAWrongOffset) {
  expect_caught(*f32_world_with(DenseFault::sees_next_key), "decode = prefill", kCausal, 2);
  expect_caught(*f32_world_with(DenseFault::sees_next_key), "prefix", kCausal, 2);
  expect_caught(*f32_world_with(DenseFault::misses_own_key), "decode = prefill", kCausal, 1);
  expect_caught(*f32_world_with(DenseFault::misses_own_key), "definition", kCausal, 1);
  expect_caught(*f32_world_with(DenseFault::aligned_top_left), "definition", kCausal, 2);
  expect_caught(*f32_world_with(DenseFault::aligned_top_left), "lse", kCausal, 2);
}

// Exponentials of scores overflow at 89 nats, where the bound says that no correct kernel does.
TEST(Dense, CatchesAShiftLeftOut) {
  for (const std::string_view form : {kDense, kCausal}) {
    expect_caught(*f32_world_with(DenseFault::no_shift), "definition", form, 1);
    expect_caught(*f32_world_with(DenseFault::no_shift), "lse", form, 1);
  }
}

TEST(Dense, CatchesAScaleLeftOut) {
  for (const std::string_view form : {kDense, kCausal}) {
    expect_caught(*f32_world_with(DenseFault::no_scale), "definition", form, 2);
    expect_caught(*f32_world_with(DenseFault::no_scale), "lse", form, 1);
  }
}

TEST(Dense, CatchesMaskedKeysThatKeepAWeight) {
  expect_caught(*f32_world_with(DenseFault::masked_score_zero), "masking", kDense, 1);
  expect_caught(*f32_world_with(DenseFault::masked_score_zero), "nothing visible", kDense, 1);
  expect_caught(*f32_world_with(DenseFault::masked_after_softmax), "masking", kDense, 2);
  expect_caught(*f32_world_with(DenseFault::masked_after_softmax), "definition", kDense, 2);
}

TEST(Dense, CatchesASoftmaxOfColumns) {
  expect_caught(*f32_world_with(DenseFault::normalised_by_columns), "constant value", kDense, 2);
  expect_caught(*f32_world_with(DenseFault::normalised_by_columns), "definition", kCausal, 2);
}

}  // namespace
}  // namespace attest::properties
