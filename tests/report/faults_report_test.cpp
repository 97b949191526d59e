// What the mutation study promises, and how narrow kernels count in it.
#include "report/faults/faults_report.hpp"

#include <gtest/gtest.h>

namespace attest::report {
namespace {

check::FaultResult found(bool nameable, bool named) {
  check::FaultResult f;
  f.name = "window_own_token";
  f.killed = true;
  f.killed_by = "definition";
  f.cases_to_kill = 3;
  f.cases = 43;
  f.nameable = nameable;
  f.diagnosed = named;
  f.findings = f.replayed = 1;
  f.dtypes = faults::DTypes{};
  return f;
}

check::ControlResult conforming(std::int64_t cases, std::int64_t declined) {
  check::ControlResult c;
  c.name = "narrow_scale";
  c.verdict = check::Verdict::conforming;
  c.cases = cases;
  c.declined = declined;
  return c;
}

check::FaultStudy good() {
  check::FaultStudy study;
  study.faults = {found(true, true), found(false, false)};
  study.controls = {conforming(400, 0)};
  study.narrow_faults = {found(true, true)};
  study.narrow_controls = {conforming(320, 80)};
  return study;
}

TEST(FaultsReport, NeedsNoNameOfAFaultWithoutSignature) {
  EXPECT_TRUE(as_promised(good()));
  check::FaultStudy study = good();
  study.faults.back().nameable = true;
  EXPECT_FALSE(as_promised(study)) << "2 of 3 named";
}

TEST(FaultsReport, NeedsEveryNarrowFaultToBeFound) {
  check::FaultStudy study = good();
  study.narrow_faults.front().killed = false;
  EXPECT_FALSE(as_promised(study));
}

TEST(FaultsReport, NeedsNarrowControlsToAnswerFourCasesInFive) {
  check::FaultStudy study = good();
  study.narrow_controls = {conforming(319, 81)};
  EXPECT_FALSE(as_promised(study));
  EXPECT_NE(faults_text(study).find("TOO FEW: answered 319 of 400 cases"), std::string::npos)
      << faults_text(study);
  study.narrow_controls = {conforming(0, 0)};
  EXPECT_FALSE(as_promised(study));
  study.narrow_controls = {conforming(400, 0)};
  study.narrow_controls.front().verdict = check::Verdict::mistrusted;
  EXPECT_FALSE(as_promised(study));
}

TEST(FaultsReport, NeedsOneFindingInNineOfTenAndNeverMoreThanThree) {
  check::FaultStudy study = good();
  study.faults.assign(10, found(true, true));
  study.faults.front().findings = study.faults.front().replayed = 3;
  EXPECT_TRUE(as_promised(study));
  study.faults.front().findings = study.faults.front().replayed = 4;
  EXPECT_FALSE(as_promised(study));
  study.faults.front().findings = study.faults.front().replayed = 3;
  study.faults.back() = study.faults.front();
  EXPECT_FALSE(as_promised(study)) << "8 of 10";
  EXPECT_NE(faults_text(study).find("3 FINDINGS: "), std::string::npos);
}

TEST(FaultsReport, NeedsNoWrongNameAndEveryCaseFileToReplay) {
  check::FaultStudy study = good();
  study.faults.front().misnamed = 1;
  EXPECT_FALSE(as_promised(study));
  EXPECT_NE(faults_text(study).find("MISIDENTIFIED: "), std::string::npos);
  EXPECT_EQ(faults_json(study)["summary"]["misnamed"], 1);
  study = good();
  study.narrow_faults.front().replayed = 0;
  EXPECT_FALSE(as_promised(study));
  EXPECT_NE(faults_text(study).find("1 NOT REPLAYED: "), std::string::npos);
}

TEST(FaultsReport, CountsNarrowKernelsApart) {
  const check::FaultStudy study = good();
  EXPECT_EQ(faults_summary(study),
            "2 of 2 faults found, 1 of 1 identified, in a median of 3 cases\n2 of 2 give one finding, the "
            "others at most 1; 0 misidentified; every case file of 2 replays");
  EXPECT_EQ(controls_summary(study), "no false alarm in 400 control cases");
  EXPECT_EQ(narrow_summary(study),
            "1 of 1 narrow faults found, 1 of 1 identified; 1 of 1 narrow controls conform and answer at "
            "least 80 % of "
            "their cases");
  const Json json = faults_json(study);
  EXPECT_EQ(json["narrow_controls"][0]["declined"], 80);
  EXPECT_EQ(json["summary"]["faults"], 2);
  EXPECT_EQ(json["summary"]["narrow_killed"], 1);
}

TEST(FaultsReport, SaysInWhichDtypes) {
  check::FaultStudy study = good();
  study.narrow_faults.front().dtypes = faults::DTypes{DType::f32, DType::f16};
  EXPECT_NE(faults_text(study).find("f32/f16"), std::string::npos);
  EXPECT_EQ(faults_json(study)["narrow_faults"][0]["dtype"], "f32/f16");
}

}  // namespace
}  // namespace attest::report
