// No kernel that keeps its contract may be called wrong: attacks by emulated kernels that round as badly as
// the contract allows, on inputs that make each rounding count.
#include <algorithm>
#include <cstdio>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "bound_attack/cases/contracts.hpp"
#include "bound_attack/search/figures_json.hpp"

namespace attest::attack {
namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST(BoundAttack, JudgesAMillionOutputsOfThePresetsWithoutAViolation) {
  std::int64_t judged = 0;
  double nearest = 0;
  double nearest_lse = 0;
  for (const std::string_view preset : oracle::contract_presets()) {
    const oracle::Contract contract = oracle::parse_contract(preset);
    const Plan plan = plan_for_preset(contract.text);
    Figures figures = attack_contract(contract, plan.few, plan.many, kSeed);
    climb(figures, contract, plan.climb_steps, kSeed);
    std::printf("%s\n", summary(figures).c_str());
    EXPECT_EQ(figures.out.violated + figures.lse.violated, 0) << preset << "\n" << joined(figures.violations);
    judged += figures.out.total();
    EXPECT_GT(figures.hull.outputs, figures.out.total() / 4) << preset;
    EXPECT_LE(figures.hull.largest, 1) << preset;
    EXPECT_GT(figures.hull.largest, 0.3) << preset << ": too loose to notice a missing term";
    nearest = std::max(nearest, figures.out_peak.best());
    nearest_lse = std::max(nearest_lse, figures.lse_peak.best());
  }
  EXPECT_GE(judged, 1'000'000);
  // An attack that comes nowhere near the bound would not notice a bound that is too small.
  EXPECT_GT(nearest, 0.9);
  EXPECT_GT(nearest_lse, 0.9);
}

class EveryPreset : public testing::TestWithParam<std::string_view> {};

TEST_P(EveryPreset, ComesNearItsBound) {
  const oracle::Contract contract = oracle::parse_contract(GetParam());
  const Plan plan = plan_for_preset(contract.text);
  const Figures figures = attack_contract(contract, plan.few / 4, 0, kSeed + 1);
  EXPECT_GT(figures.out_peak.ratio, 0.5);
  EXPECT_GT(figures.lse_peak.ratio, 0.5);
  // Correct rounding reaches less, but also a good share.
  EXPECT_GT(figures.out_natural_peak.ratio, 0.3);
}

INSTANTIATE_TEST_SUITE_P(BoundAttack, EveryPreset, testing::ValuesIn(oracle::contract_presets()),
                         [](const auto& each) {
                           std::string name(each.param);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(BoundAttack, FindsNoViolationUnderAnyOverride) {
  for (const std::string& text : attacked_overrides()) {
    const oracle::Contract contract = oracle::parse_contract(text);
    const Plan plan = plan_for_override(text);
    Figures figures = attack_contract(contract, plan.few, plan.many, kSeed);
    if (plan.climb_steps > 0) climb(figures, contract, plan.climb_steps, kSeed);
    EXPECT_EQ(figures.out.violated + figures.lse.violated, 0) << text << "\n" << joined(figures.violations);
    EXPECT_GT(figures.out.total() - figures.out.out_of_range, 0) << text;
    EXPECT_LE(figures.hull.largest, 1) << text;
  }
}

// What a kernel is given, not what it rounds.
bool is_about_inputs(std::string_view field) { return field == "kv_storage" || field == "kv_lens"; }

TEST(BoundAttack, CoversEveryFieldOfAContract) {
  for (const oracle::ContractField& field : oracle::contract_fields()) {
    if (is_about_inputs(field.name)) continue;
    const std::string assignment = std::string(field.name) + "=";
    const bool attacked = std::any_of(
        attacked_overrides().begin(), attacked_overrides().end(),
        [&](const std::string& text) { return text.find(";" + assignment) != std::string::npos; });
    EXPECT_TRUE(attacked) << field.name << ": add an override to cases/contracts.cpp";
  }
}

TEST(BoundAttack, IsDeterministic) {
  const oracle::Contract contract = oracle::parse_contract("flash-bf16;splits=2");
  const Figures a = attack_contract(contract, 200, 2, 7);
  const Figures b = attack_contract(contract, 200, 2, 7);
  EXPECT_EQ(to_json(a), to_json(b));
}

class RapidCheckChooser : public Chooser {
 public:
  int pick(int low, int high) override { return *rc::gen::inRange(low, high + 1); }
};

// RapidCheck shrinks a violation to few keys and few features, which the bulk attack does not.
void check_smallest(std::string_view text, int cases) {
  const oracle::Contract contract = oracle::parse_contract(text);
  rc::detail::TestParams params;
  params.seed = kSeed;
  params.maxSuccess = static_cast<int>(cases * effort());
  rc::detail::TestMetadata metadata;
  metadata.id = metadata.description = std::string(text);
  const auto result = rc::detail::checkTestable(
      [&] {
        RapidCheckChooser chooser;
        const CaseSpec spec = choose_case(chooser, contract, narrow_dtype_of(contract), Size::few_keys);
        const oracle::Judgement judgement = attack_once(spec, contract, only(contract));
        std::ostringstream shown;
        shown << spec;
        RC_LOG(shown.str());
        RC_ASSERT(judgement.out.violated == 0);
        RC_ASSERT(judgement.lse.violated == 0);
      },
      metadata, params);
  std::ostringstream message;
  rc::detail::printResultMessage(result, message);
  EXPECT_TRUE(result.template is<rc::detail::SuccessResult>()) << text << "\n" << message.str();
}

TEST_P(EveryPreset, IsNotViolatedByAnySmallCase) {
  check_smallest(GetParam(), GetParam() == "f64" ? 60 : 500);
}

}  // namespace
}  // namespace attest::attack
