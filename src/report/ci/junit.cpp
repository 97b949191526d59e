#include "report/ci/junit.hpp"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "report/check/finding_text.hpp"
#include "report/ci/ci_text.hpp"

namespace attest::report {
namespace {

struct Counts {
  std::int64_t tests = 0, failures = 0, skipped = 0;
  double seconds = 0;

  void add(const Counts& other) {
    tests += other.tests;
    failures += other.failures;
    skipped += other.skipped;
    seconds += other.seconds;
  }
  // The schema of Jenkins has no "skipped" for the sum over all suites.
  void write(pugi::xml_node node, bool sum = false) const {
    node.append_attribute("tests") = std::to_string(tests).c_str();
    node.append_attribute("failures") = std::to_string(failures).c_str();
    node.append_attribute("errors") = "0";
    if (!sum) node.append_attribute("skipped") = std::to_string(skipped).c_str();
    node.append_attribute("time") = fmt::format("{:.3f}", seconds).c_str();
  }
};

void fail(pugi::xml_node test, std::string_view type, const std::string& message, const std::string& text) {
  pugi::xml_node failure = test.append_child("failure");
  failure.append_attribute("type") = std::string(type).c_str();
  failure.append_attribute("message") = printable(message).c_str();
  failure.text().set(printable(text).c_str());
}

pugi::xml_node add_test(pugi::xml_node suite, const std::string& kernel, const std::string& name) {
  pugi::xml_node test = suite.append_child("testcase");
  test.append_attribute("classname") = printable(kernel).c_str();
  test.append_attribute("name") = name.c_str();
  test.append_attribute("time") = "0";
  return test;
}

void fail_law(pugi::xml_node test, const check::LawReport& law, const std::vector<check::Finding>& findings) {
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const std::vector<std::string>& laws = findings[i].laws;
    if (std::find(laws.begin(), laws.end(), law.name) == laws.end()) continue;
    return fail(test, name_of(findings[i].kind), findings[i].summary, finding_text(findings[i], i + 1));
  }
  fail(test, "law", law.why, law.why);
}

Counts add_suite(pugi::xml_node root, const check::KernelReport& report) {
  Counts counts{.tests = 0, .failures = 0, .skipped = 0, .seconds = report.seconds};
  pugi::xml_node suite = root.append_child("testsuite");
  suite.append_attribute("name") = printable(report.info.name).c_str();
  pugi::xml_node properties = suite.append_child("properties");
  const auto property = [&](const char* name, const std::string& value) {
    pugi::xml_node node = properties.append_child("property");
    node.append_attribute("name") = name;
    node.append_attribute("value") = printable(value).c_str();
  };
  property("version", report.info.version);
  property("contract", report.contract);
  property("seed", std::to_string(report.seed));
  property("cases", std::to_string(report.cases));
  for (const check::LawReport& law : report.laws) {
    pugi::xml_node test = add_test(suite, report.info.name, law.name);
    ++counts.tests;
    if (law.status == check::LawStatus::broken) {
      ++counts.failures;
      fail_law(test, law, report.findings);
    } else if (law.status == check::LawStatus::not_applicable) {
      ++counts.skipped;
      test.append_child("skipped").text().set(printable(law.why).c_str());
    }
  }
  pugi::xml_node verdict = add_test(suite, report.info.name, "verdict");
  ++counts.tests;
  if (report.verdict != check::Verdict::conforming) {
    ++counts.failures;
    std::string text = reasons_text(report);
    for (std::size_t i = 0; i < report.findings.size(); ++i)
      text += (text.empty() ? "" : "\n") + finding_text(report.findings[i], i + 1);
    fail(verdict, name_of(report.verdict), std::string(name_of(report.verdict)), text);
  }
  counts.write(suite);
  return counts;
}

}  // namespace

std::string junit_xml(const std::vector<check::KernelReport>& reports) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = document.append_child("testsuites");
  root.append_attribute("name") = "attest";
  Counts all;
  for (const check::KernelReport& report : reports) all.add(add_suite(root, report));
  all.write(root, true);
  std::ostringstream text;
  document.save(text, "  ");
  return text.str();
}

}  // namespace attest::report
