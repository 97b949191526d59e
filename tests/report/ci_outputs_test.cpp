// What CI systems read: well-formed whatever a kernel's words hold, with every finding and every law.
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <pugixml.hpp>

#include "check/baseline/baseline.hpp"
#include "report/ci/ci_text.hpp"
#include "report/ci/github.hpp"
#include "report/ci/junit.hpp"
#include "report/ci/sarif.hpp"

namespace attest::report {
namespace {

check::Finding finding(const std::string& summary) {
  check::Finding f;
  f.law = "definition";
  f.laws = {"definition", "causality"};
  f.summary = summary;
  f.problem.q = f.problem.k = f.problem.v = Tensor(DType::f32, {1, 1, 1, 1});
  f.file = "findings/a b-1.json";
  return f;
}

check::LawReport law(const std::string& name, check::LawStatus status, const std::string& why = "") {
  check::LawReport report;
  report.name = name;
  report.status = status;
  report.why = why;
  return report;
}

// One defective, with words that no format takes as they are; one mistrusted; one conforming.
std::vector<check::KernelReport> reports() {
  check::KernelReport bad;
  bad.info.name = "./lib one.so:f";
  bad.verdict = check::Verdict::defective;
  bad.seconds = 1.5;
  bad.laws = {law("definition", check::LawStatus::broken, "w"),
              law("causality", check::LawStatus::broken, "w"),
              law("lse", check::LawStatus::not_applicable, "no lse"), law("range", check::LawStatus::held)};
  bad.findings = {finding("says \"<&>\" \x01\xff ``` ::error:: 100%, | *b*")};
  check::KernelReport weak;
  weak.info.name = "onednn:avx2";
  weak.verdict = check::Verdict::mistrusted;
  weak.mistrust = {"everything was declined"};
  weak.laws = {law("definition", check::LawStatus::not_applicable, "no case")};
  check::KernelReport good;
  good.info.name = "ggml:zen4";
  good.verdict = check::Verdict::conforming;
  good.laws = {law("definition", check::LawStatus::held)};
  return {bad, weak, good};
}

TEST(Junit, HasATestCaseForEachLawAndTheVerdict) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(junit_xml(reports()).c_str()));
  const pugi::xml_node root = document.child("testsuites");
  EXPECT_EQ(root.attribute("tests").as_int(), 9);
  EXPECT_EQ(root.attribute("failures").as_int(), 4);
  EXPECT_FALSE(root.attribute("skipped"));  // the schema has none here
  std::vector<std::string> failing;
  int tests = 0, skipped = 0;
  for (const pugi::xml_node suite : root.children("testsuite")) {
    int failures = 0;
    skipped += suite.attribute("skipped").as_int();
    for (const pugi::xml_node test : suite.children("testcase")) {
      ++tests;
      EXPECT_STREQ(test.attribute("classname").value(), suite.attribute("name").value());
      if (!test.child("failure")) continue;
      ++failures;
      failing.push_back(test.attribute("name").value());
    }
    EXPECT_EQ(suite.attribute("failures").as_int(), failures);
  }
  EXPECT_EQ(tests, 9);
  EXPECT_EQ(skipped, 2);
  EXPECT_EQ(failing, (std::vector<std::string>{"definition", "causality", "verdict", "verdict"}));
  const std::string text = root.child("testsuite").child("testcase").child("failure").text().get();
  EXPECT_NE(text.find("smallest    b1 h1/1 q1 k1 d1/1 f32"), std::string::npos) << text;
  EXPECT_NE(text.find("says \"<&>\" ??"), std::string::npos) << text;
  EXPECT_NE(text.find("attest replay"), std::string::npos) << text;
}

TEST(Sarif, HasAResultForEachFindingUnderAKnownRule) {
  const Json json = Json::parse(sarif_json(reports()).dump());  // dump throws where a text is not UTF-8
  EXPECT_EQ(json["version"], "2.1.0");
  const Json& run = json["runs"][0];
  ASSERT_EQ(run["results"].size(), 1U);
  const Json& result = run["results"][0];
  EXPECT_EQ(result["level"], "error");
  EXPECT_EQ(result["ruleId"], run["tool"]["driver"]["rules"][0]["id"]);
  EXPECT_EQ(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "./lib%20one.so");
  const check::KernelReport bad = reports().front();
  EXPECT_EQ(result["partialFingerprints"]["attest/v1"],
            check::identity_of(bad.info.name, bad.findings.front()));
  const Json& notifications = run["invocations"][0]["toolExecutionNotifications"];
  ASSERT_EQ(notifications.size(), 1U);
  EXPECT_EQ(notifications[0]["message"]["text"], "onednn:avx2: everything was declined");
}

TEST(Sarif, ASuspicionIsAWarning) {
  check::KernelReport suspect;
  suspect.info.name = "onednn:avx2";
  suspect.verdict = check::Verdict::suspect;
  suspect.alarm.suspicions = {"errors lean by 9 sigmas"};
  const Json json = sarif_json({suspect});
  const Json& result = json["runs"][0]["results"][0];
  EXPECT_EQ(result["level"], "warning");
  EXPECT_EQ(result["ruleId"], "alarm");
  EXPECT_FALSE(result["locations"][0].contains("physicalLocation"));
}

TEST(Github, PrintsALineForEachFinding) {
  const std::string text = github_annotations(reports());
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  EXPECT_EQ(text.find("::error title=attest%3A ./lib one.so%3Af::says "), 0U) << text;
  EXPECT_NE(text.find("100%25"), std::string::npos);
  EXPECT_NE(text.find("\n::warning title=attest%3A onednn%3Aavx2::mistrusted: everything was declined\n"),
            std::string::npos);
}

TEST(Github, SummaryIsATableAndTheFindings) {
  const std::string text = github_summary(reports());
  EXPECT_NE(text.find("| ./lib one.so:f | DEFECTIVE | 1 | 0 |\n"), std::string::npos) << text;
  EXPECT_NE(text.find("| ggml:zen4 | CONFORMING | 0 | 0 |\n"), std::string::npos);
  EXPECT_NE(text.find("\n````\nFINDING 1   says"), std::string::npos) << "a fence that the text does not end";
  EXPECT_EQ(text.find('\x01'), std::string::npos);
}

TEST(CiText, KeepsLinesAndReplacesWhatIsNotText) {
  EXPECT_EQ(printable("a\n\tb\x1b[1m\xc3\xa9\xff"), "a\n\tb?[1m\xc3\xa9?");
  EXPECT_EQ(printable(std::string(300, 'x')).size(), 300U);
  EXPECT_EQ(printable(""), "");
}

}  // namespace
}  // namespace attest::report
