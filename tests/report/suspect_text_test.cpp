// A kernel that is only suspect: what its report says in text and JSON.
#include <gtest/gtest.h>

#include "report/check/check_json.hpp"
#include "report/check/check_text.hpp"
#include "report/full/markdown.hpp"

namespace attest::report {
namespace {

check::KernelReport suspect() {
  check::KernelReport report;
  report.info.name = "leaning";
  report.verdict = check::Verdict::suspect;
  report.alarm.problems = 50;
  report.alarm.outputs = 12'345;
  report.alarm.largest_sigmas = 9.25;
  report.alarm.output_threshold = 7;
  report.alarm.biases = {{"out", -0.5}, {"out away from zero", 6.25}, {"lse", 0}};
  report.alarm.bias_threshold = 5.5;
  report.alarm.suspicions = {"out[b 0, h 1, i 2, c 3] is far off", "errors of out lean away from zero"};
  return report;
}

TEST(SuspectReport, SaysWhyBelowItsVerdictAndOnlyThere) {
  const std::string why = "out[b 0, h 1, i 2, c 3] is far off; errors of out lean away from zero";
  EXPECT_EQ(verdict_line(suspect()), "SUSPECT   " + why);
  EXPECT_EQ(alarm_text(suspect().alarm),
            "rounding noise: largest error 9.2 sigmas in 12,345 outputs (alarm at 7.0); bias in sigmas: out "
            "-0.5, out away from zero 6.2, lse 0.0 (alarm at 5.5)");
  const std::string text = kernel_text(suspect());
  EXPECT_EQ(text.rfind("SUSPECT   leaning\n"
                       "  out[b 0, h 1, i 2, c 3] is far off\n"
                       "  errors of out lean away from zero\n"
                       "\n",
                       0),
            0U)
      << text;
  EXPECT_NE(text.find("rounding noise: largest error 9.2 sigmas in 12,345 outputs (alarm at 7.0); bias\n"
                      "  in sigmas: out -0.5, out away from zero 6.2, lse 0.0 (alarm at 5.5)\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("note: "), std::string::npos) << text;
}

TEST(SuspectReport, NotesSuspicionsBesideAFinding) {
  check::KernelReport report = suspect();
  report.verdict = check::Verdict::defective;
  EXPECT_NE(kernel_text(report).find("note: errors of out lean away from zero\n"), std::string::npos);
}

TEST(SuspectReport, HasTheSameNumbersInJson) {
  const Json json = kernel_json(suspect());
  EXPECT_EQ(json["verdict"], "suspect");
  EXPECT_EQ(json["alarm"]["outputs"], 12'345);
  EXPECT_EQ(json["alarm"]["largest_sigmas"], 9.25);
  EXPECT_EQ(json["alarm"]["biases"]["out away from zero"], 6.25);
  EXPECT_EQ(json["alarm"]["suspicions"].size(), 2U);
}

TEST(SuspectReport, IsToldInMarkdownToo) {
  FullReport full;
  full.kernels.push_back(suspect());
  const std::string text = markdown(full);
  EXPECT_NE(text.find("- **leaning** is suspect: out[b 0, h 1, i 2, c 3] is far off;"), std::string::npos)
      << text;
  EXPECT_NE(text.find("errors of out lean away from zero"), std::string::npos) << text;
  EXPECT_NE(text.find("largest error 9.2 sigmas in 12,345 outputs"), std::string::npos) << text;
}

}  // namespace
}  // namespace attest::report
