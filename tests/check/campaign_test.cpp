// The campaign on kernels in this process: a correct one, and one a fault.

#include "check/campaign/campaign.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "check/case_file/case_file.hpp"
#include "check/generate/families.hpp"
#include "oracle/tiers/certificate.hpp"
#include "plain_kernel.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

using test::Fault;

CampaignOptions options(std::uint64_t seed = 7) {
  CampaignOptions o;
  o.seed = seed;
  o.cases = 150;
  o.budget_seconds = 250;  // the case count ends these campaigns, not the clock
  return o;
}

KernelReport report_on(Fault fault) {
  CampaignOptions o = options();
  o.contract = test::kEveryPreset;
  return run_campaign(*test::plain_kernel(fault), o);
}

std::vector<std::string> broken_laws(const KernelReport& report) {
  std::vector<std::string> names;
  for (const LawReport& law : report.laws) {
    if (law.status == LawStatus::broken) names.push_back(law.name);
  }
  return names;
}

std::string told(const KernelReport& report) {
  std::string text;
  for (const Finding& f : report.findings)
    text += f.law + ": " + f.summary + " [" + describe(f.problem) + "]\n";
  for (const std::string& why : report.mistrust) text += why + "\n";
  return text;
}

TEST(Campaign, FindsNothingInACorrectKernel) {
  const KernelReport report = report_on(Fault::none);
  EXPECT_EQ(report.verdict, Verdict::conforming) << told(report);
  EXPECT_TRUE(report.findings.empty());
  EXPECT_FALSE(report.stopped_early);
  EXPECT_EQ(report.cases + report.declined, report.planned);
  EXPECT_GT(report.cases, 130);
  for (const LawReport& law : report.laws) {
    EXPECT_EQ(law.status, LawStatus::held) << law.name << ": " << law.why;
    EXPECT_GE(law.cases, 1) << law.name;
  }
  for (std::size_t i = 0; i < families().size(); ++i) {
    const FamilyReport& family = report.families[i];
    EXPECT_GT(family.cases, 4) << family.name;
    EXPECT_TRUE(family.informative_fraction() >= 0.95 || !families()[i].certified) << family.name;
  }
  EXPECT_LE(report.max_bound_ratio, 1);
  EXPECT_GT(report.max_bound_ratio, 0.05) << "the bound should be within sight of what kernels do";
  ASSERT_FALSE(report.region.declines.empty());
  EXPECT_EQ(report.region.declines.front(), "f64");
}

TEST(Campaign, GivesTheSameReportFromOneSeedWhateverTheNumberOfThreads) {
  const KernelReport a = report_on(Fault::window_off_by_one);
  CampaignOptions threads = options();
  threads.jobs = 3;
  threads.contract = test::kEveryPreset;
  const KernelReport b = run_campaign(*test::plain_kernel(Fault::window_off_by_one), threads);
  EXPECT_EQ(a.cases, b.cases);
  EXPECT_EQ(a.declined, b.declined);
  EXPECT_EQ(a.outputs, b.outputs);
  EXPECT_EQ(a.max_bound_ratio, b.max_bound_ratio);
  EXPECT_EQ(a.median_bound_ratio, b.median_bound_ratio);
  ASSERT_EQ(a.findings.size(), b.findings.size());
  for (std::size_t i = 0; i < a.findings.size(); ++i) {
    EXPECT_EQ(format_case_file(case_file_of(a.findings[i], "k")),
              format_case_file(case_file_of(b.findings[i], "k")));
    EXPECT_EQ(a.findings[i].cases, b.findings[i].cases);
  }
  for (std::size_t i = 0; i < a.laws.size(); ++i) {
    EXPECT_EQ(a.laws[i].cases, b.laws[i].cases);
    EXPECT_EQ(a.laws[i].broken, b.laws[i].broken);
  }
}

struct Planted {
  const char* title;
  Fault fault;
  laws::FindingKind kind;
  std::vector<std::string> laws;  ///< must be among the broken ones
  std::int64_t most_keys;         ///< of some finding's smallest case
};

class PlantedFault : public testing::TestWithParam<Planted> {};

TEST_P(PlantedFault, IsFoundOnAHandfulOfKeys) {
  const Planted& planted = GetParam();
  const KernelReport report = report_on(planted.fault);
  EXPECT_EQ(report.verdict, Verdict::defective);
  EXPECT_LE(report.findings.size(), 4U) << told(report);
  const std::vector<std::string> broken = broken_laws(report);
  for (const std::string& law : planted.laws) {
    EXPECT_NE(std::find(broken.begin(), broken.end(), law), broken.end())
        << law << " holds; " << told(report);
  }
  const bool small = std::any_of(report.findings.begin(), report.findings.end(), [&](const Finding& f) {
    return f.kind == planted.kind && f.problem.kv_len() <= planted.most_keys &&
           f.problem.q_len() <= planted.most_keys && f.problem.batch() <= 2 && f.problem.qk_dim() <= 2 &&
           f.problem.v_dim() <= 2;
  });
  EXPECT_TRUE(small) << told(report);
}

INSTANTIATE_TEST_SUITE_P(
    Campaign, PlantedFault,
    testing::Values(
        Planted{"OneKeyTooFar",
                Fault::one_key_too_far,
                laws::FindingKind::wrong_value,
                {"definition", "masking"},
                2},
        Planted{"OneKeyTooFarAtTiles",
                Fault::one_key_too_far_at_tiles,
                laws::FindingKind::wrong_value,
                {"definition"},
                9},
        Planted{"RescaleMissing",
                Fault::rescale_missing,
                laws::FindingKind::wrong_value,
                {"definition", "constant value", "range"},
                9},
        Planted{"NanOnEmptyRows", Fault::nan_on_empty, laws::FindingKind::nan, {"definition", "empty"}, 2},
        Planted{"PoisonAfterEmptyRows", Fault::poison_after_empty, laws::FindingKind::nan, {"definition"}, 3},
        Planted{"FirstKeyDropped",
                Fault::key0_dropped,
                laws::FindingKind::wrong_value,
                {"definition", "single key", "uniform"},
                2},
        Planted{"MeanOfValues", Fault::mean_of_values, laws::FindingKind::wrong_value, {"definition"}, 2},
        Planted{"Zeros",
                Fault::zeros,
                laws::FindingKind::wrong_value,
                {"definition", "constant value", "single key", "uniform"},
                2},
        Planted{"HeadMap", Fault::head_map, laws::FindingKind::wrong_value, {"definition"}, 2},
        Planted{"KvLensIgnored",
                Fault::kv_lens_ignored,
                laws::FindingKind::wrong_value,
                {"definition", "masking"},
                2},
        Planted{"LseInBase2", Fault::lse_base2, laws::FindingKind::lse, {"lse"}, 2},
        Planted{"SoftcapIgnored", Fault::softcap_ignored, laws::FindingKind::wrong_value, {"definition"}, 2},
        Planted{
            "WindowOffByOne", Fault::window_off_by_one, laws::FindingKind::wrong_value, {"definition"}, 2},
        Planted{"KeepsState", Fault::keeps_state, laws::FindingKind::nondeterministic, {"repeat"}, 2},
        Planted{"ReadsItsOutput", Fault::reads_output, laws::FindingKind::uninitialised, {"repeat"}, 2},
        Planted{"LastBit", Fault::last_bit, laws::FindingKind::wrong_value, {"single key", "uniform"}, 2},
        Planted{"MasksByPenalty", Fault::masks_by_penalty, laws::FindingKind::wrong_value, {"masking"}, 3},
        Planted{"DenominatorBiased",
                Fault::denominator_biased,
                laws::FindingKind::wrong_value,
                {"constant value"},
                2}),
    [](const testing::TestParamInfo<Planted>& tested) { return std::string(tested.param.title); });

bool varied(const std::vector<double>& x) {
  return std::adjacent_find(x.begin(), x.end(), std::not_equal_to<>()) != x.end();
}

// Within every bound, but off by a quarter to a half of it in rows of many keys: rounding hardly ever does
// that. A function of the row alone, and of none whose exact result a law knows, which has the sign of the
// output and scales with powers of two, so that no law sees it.
void lean(const Problem& p, kernel::RunOutcome& outcome) {
  if (outcome.status != kernel::RunStatus::ok || p.q.dtype() != DType::f32 || p.k.dtype() != DType::f32)
    return;
  const oracle::ContractSet contract = oracle::contract_for("f32", DType::f32, DType::f32);
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t h = 0; h < p.q_heads(); ++h) {
      for (std::int64_t i = 0; i < p.q_len(); ++i) {
        const oracle::Row row = oracle::gather_row(p, b, h, i);
        Tensor& out = outcome.result.out;
        if (row.keys < 48 || !row.finite || out.at({b, h, i, 0}) == 0) continue;
        if (!varied(row.q) || !varied(row.k) || !varied(row.v)) continue;
        const double bound = oracle::certify(p, contract, row).bound.out[0];
        const double off = std::exp2(std::floor(std::log2(bound)) - 1);
        out.set({b, h, i, 0}, out.at({b, h, i, 0}) + std::copysign(off, out.at({b, h, i, 0})));
      }
    }
  }
}

TEST(Campaign, ErrorsWithinTheBoundThatRoundingHardlyMakesAreSuspect) {
  test::ScriptedKernel kernel([](const Problem&, const kernel::RunOptions&) { return std::nullopt; }, "f32");
  kernel.after = lean;
  const KernelReport report = run_campaign(kernel, options());
  EXPECT_EQ(report.verdict, Verdict::suspect) << told(report);
  EXPECT_TRUE(report.findings.empty()) << told(report);
  EXPECT_LE(report.max_bound_ratio, 1);
  ASSERT_FALSE(report.alarm.suspicions.empty());
  EXPECT_GT(report.alarm.largest_sigmas, report.alarm.output_threshold);
  EXPECT_NE(report.alarm.suspicions[0].find("c 0]"), std::string::npos) << report.alarm.suspicions[0];
}

}  // namespace
}  // namespace attest::check
