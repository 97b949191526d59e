// Failures that depend on earlier calls of other shapes replay from their case files.
#include "check/campaign/earlier_calls.hpp"

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "check/campaign/campaign.hpp"
#include "check/case_file/replay.hpp"
#include "check/fault_study/fault_study.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

// Right, but for calls with few keys that follow one with many in the same process.
class KeepsLength final : public test::ScriptedKernel {
 public:
  explicit KeepsLength(std::int64_t many)
      : ScriptedKernel([](const Problem&, const kernel::RunOptions&) { return std::nullopt; }) {
    after = [this, many](const Problem& problem, kernel::RunOutcome& outcome) {
      if (outcome.status != kernel::RunStatus::ok) return;
      if (long_before_ && problem.kv_len() <= many) spoil(outcome.result.out);
      long_before_ = problem.kv_len() > many;
    };
  }
  void forget() override { long_before_ = false; }

 private:
  static void spoil(Tensor& out) {
    std::vector<double> values = out.values();
    for (double& x : values) x = x * 1.5 + 1;
    out.assign(values);
  }

  bool long_before_ = false;
};

TEST(EarlierCalls, AreKeptInTheCaseFileAndRepeatedByReplay) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("attest-earlier-" + std::to_string(::getpid()));
  CampaignOptions options;
  options.cases = 50;
  options.budget_seconds = 250;
  options.findings_dir = folder;
  KeepsLength kernel(12);
  const KernelReport report = run_campaign(kernel, options);
  EXPECT_EQ(report.verdict, Verdict::defective);
  ASSERT_FALSE(report.findings.empty());
  std::size_t with_earlier = 0;
  for (const Finding& finding : report.findings) {
    const CaseFile file = read_case_file(finding.file);
    KeepsLength fresh(12);
    EXPECT_EQ(replay(file, fresh).status, ReplayStatus::broken) << finding.law << ": " << finding.summary;
    if (file.earlier.empty()) continue;
    ++with_earlier;
    EXPECT_EQ(file.earlier.size(), 1U) << "one long call is enough";
    EXPECT_GT(file.earlier.back().kv_len(), 12);
    CaseFile alone = file;
    alone.earlier.clear();
    KeepsLength again(12);
    EXPECT_EQ(replay(alone, again).status, ReplayStatus::held) << finding.law;
  }
  EXPECT_GT(with_earlier, 0U);
  std::filesystem::remove_all(folder);
}

TEST(EarlierCalls, AreNoneWhereTheCaseFailsAlone) {
  CampaignOptions options;
  options.cases = 40;
  options.budget_seconds = 250;
  const KernelReport report = run_campaign(*test::plain_kernel(test::Fault::one_key_too_far), options);
  ASSERT_FALSE(report.findings.empty());
  for (const Finding& finding : report.findings) EXPECT_TRUE(finding.earlier.empty());
}

TEST(EarlierCalls, AreThoseSinceTheProcessStarted) {
  KeepsLength kernel(4);
  RememberingKernel remembering(kernel);
  Problem p;
  p.q = Tensor(DType::f32, {1, 1, 1, 1});
  for (const std::int64_t keys : {1, 2, 3}) {
    p.k = p.v = Tensor(DType::f32, {1, 1, keys, 1});
    remembering.run(p, {});
  }
  ASSERT_EQ(remembering.calls().size(), 3U);
  EXPECT_EQ(remembering.calls().front()->kv_len(), 1);
  for (int i = 0; i < 20; ++i) remembering.run(p, {});
  EXPECT_EQ(remembering.calls().size(), 8U);
  remembering.forget();
  EXPECT_TRUE(remembering.calls().empty());
}

// Scalars of the first call: where its kv_lens were longer, the result is that of a kernel that ignores them.
TEST(EarlierCalls, ThatAFailureDependsOnKeepItFromTheNameOfAFaultOfOneCall) {
  StudyOptions options;
  options.seed = 3;
  options.dtypes = {DType::f32};
  options.names = {"scalars_of_first_call"};
  const FaultStudy study = run_fault_study(options);
  ASSERT_EQ(study.faults.size(), 1U);
  EXPECT_EQ(study.faults[0].killed_by, "history");
  EXPECT_EQ(study.faults[0].findings, 1);
  EXPECT_EQ(study.faults[0].misnamed, 0);
}

}  // namespace
}  // namespace attest::check
