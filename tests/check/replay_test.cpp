// Findings replay from their case files with the same numbers.

#include "check/case_file/replay.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "check/campaign/campaign.hpp"
#include "kernel/kernel_spec.hpp"
#include "plain_kernel.hpp"

namespace attest::check {
namespace {

using test::Fault;
using test::plain_kernel;

class Folder {
 public:
  Folder()
      : path_(std::filesystem::temp_directory_path() / ("attest-replay-" + std::to_string(::getpid()))) {}
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST(Replay, ShowsEachFindingAgainFromItsFile) {
  const Folder folder;
  for (const Fault fault : {Fault::window_off_by_one, Fault::lse_base2, Fault::one_key_too_far,
                            Fault::nan_on_empty, Fault::reads_output, Fault::last_bit}) {
    CampaignOptions o;
    o.cases = 60;
    o.budget_seconds = 250;
    o.findings_dir = folder.path() / "deep";
    o.kernel_spec = "./libplain.so";
    o.contract = test::kEveryPreset;
    const KernelReport report = run_campaign(*plain_kernel(fault, "lib/plain 1"), o);
    ASSERT_FALSE(report.findings.empty());
    for (const Finding& finding : report.findings) {
      EXPECT_EQ(finding.file.find(' '), std::string::npos) << finding.file;
      const CaseFile file = read_case_file(finding.file);
      EXPECT_EQ(file.kernel, kernel::spec_in_folder("./libplain.so", o.findings_dir));
      const ReplayReport again = replay(file, *plain_kernel(fault));
      EXPECT_EQ(again.status, ReplayStatus::broken) << finding.summary;
      EXPECT_TRUE(again.same_numbers) << finding.summary << " / " << again.summary;
      EXPECT_EQ(again.kind, finding.kind);
      const ReplayReport fixed = replay(file, *plain_kernel(Fault::none));
      EXPECT_EQ(fixed.status, ReplayStatus::held) << finding.summary;
    }
  }
}

CaseFile plain_case() {
  CaseFile file;
  file.law = "definition";
  file.problem.q = Tensor(DType::f32, {1, 1, 1, 1});
  file.problem.k = Tensor(DType::f32, {1, 1, 2, 1});
  file.problem.v = Tensor(DType::f32, {1, 1, 2, 1});
  file.problem.v.assign({1, 2});
  return file;
}

TEST(Replay, RefusesALawThatDoesNotExistOrApply) {
  CaseFile file = plain_case();
  file.law = "gravity";
  EXPECT_THROW(replay(file, *plain_kernel(Fault::none)), CaseFileError);
  file.law = "masking";
  EXPECT_THROW(replay(file, *plain_kernel(Fault::none)), CaseFileError);
}

TEST(Replay, SaysWhenTheNumbersAreOthers) {
  CaseFile file = plain_case();
  file.elements.push_back({{}, oracle::Standing::violated, 7, 1.5, 0.1, 55});
  const ReplayReport report = replay(file, *plain_kernel(Fault::zeros));
  EXPECT_EQ(report.status, ReplayStatus::broken);
  EXPECT_FALSE(report.same_numbers);
  ASSERT_EQ(report.elements.size(), 1U);
  EXPECT_EQ(report.elements[0].got, 0);
  EXPECT_DOUBLE_EQ(report.elements[0].expected, 1.5);
  EXPECT_NE(report.summary.find("the mean of the visible values 1, 2"), std::string::npos) << report.summary;
}

TEST(Replay, ReportsADeclinedProblem) {
  CaseFile file = plain_case();
  file.problem.q = Tensor(DType::f64, {1, 1, 1, 1});
  EXPECT_EQ(replay(file, *plain_kernel(Fault::none)).status, ReplayStatus::declined);
}

}  // namespace
}  // namespace attest::check
