#include "cli/ci_outputs.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string_view>

#include <fmt/format.h>

#include "cli/output/outputs.hpp"
#include "report/ci/github.hpp"
#include "report/ci/junit.hpp"
#include "report/ci/sarif.hpp"
#include "report/number.hpp"
#include "report/wrap.hpp"

namespace attest::cli {
namespace {

void write_file(const std::string& path, const std::string& text, std::ios::openmode mode) {
  std::ofstream file(path, std::ios::binary | mode);
  file << text;
  file.flush();
  if (!file) note_lost_output(fmt::format("cannot write {}: {}", path, std::strerror(errno)));
}

report::Json list_json(const std::vector<check::AcceptedFinding>& findings) {
  report::Json list = report::Json::array();
  for (const check::AcceptedFinding& f : findings)
    list.push_back({{"kernel", f.kernel}, {"identity", f.identity}, {"summary", f.summary}});
  return list;
}

std::string lines_of(std::string_view what, const std::vector<check::AcceptedFinding>& findings) {
  std::string text;
  for (const check::AcceptedFinding& f : findings)
    text += report::wrapped(fmt::format("  {:<10}", what), fmt::format("{}: {}", f.kernel, f.summary), 12);
  return text;
}

}  // namespace

void add_ci_options(CLI::App& command, CiOptions& options) {
  command.add_option("--junit", options.junit, "Write JUnit XML: one test case per kernel and law")
      ->check(writable_file())
      ->type_name("FILE");
  command.add_option("--sarif", options.sarif, "Write SARIF 2.1.0 for code scanning: one result per finding")
      ->check(writable_file())
      ->type_name("FILE");
  command.add_flag(
      "--github", options.github,
      "Print workflow commands for GitHub Actions, and append a summary to $GITHUB_STEP_SUMMARY");
  command
      .add_option("--baseline", options.baseline,
                  "JSON of an earlier check: findings that it has do not fail this check; if this check was "
                  "too weak, it "
                  "is undecided (exit 2)")
      ->type_name("FILE");
}

std::vector<check::AcceptedFinding> baseline_of(const CiOptions& options) {
  return options.baseline.empty() ? std::vector<check::AcceptedFinding>{}
                                  : check::read_baseline(options.baseline);
}

check::BaselineComparison compare_with_baseline(const CiOptions& options,
                                                const std::vector<check::AcceptedFinding>& baseline,
                                                const std::vector<check::KernelReport>& reports,
                                                const CommonOptions& common, nlohmann::ordered_json& json) {
  if (options.baseline.empty()) return {};
  check::BaselineComparison compared = check::compare_with_baseline(baseline, reports);
  json["baseline"] = {{"file", options.baseline},
                      {"accepted", list_json(compared.accepted)},
                      {"new", list_json(compared.fresh)},
                      {"vanished", list_json(compared.vanished)}};
  print(common, fmt::format("baseline: {} accepted, {} new, {} vanished\n{}{}", compared.accepted.size(),
                            compared.fresh.size(), compared.vanished.size(), lines_of("new", compared.fresh),
                            lines_of("vanished", compared.vanished)));
  return compared;
}

void write_ci_outputs(const CiOptions& options, const std::vector<check::KernelReport>& reports,
                      const CommonOptions& common) {
  if (!options.junit.empty()) write_file(options.junit, report::junit_xml(reports), std::ios::trunc);
  if (!options.sarif.empty())
    write_file(options.sarif, report::sarif_json(reports).dump(2) + "\n", std::ios::trunc);
  if (!options.github) return;
  // GitHub reads both streams.
  std::fputs(report::github_annotations(reports).c_str(), common.json == "-" ? stderr : stdout);
  const char* const summary = std::getenv("GITHUB_STEP_SUMMARY");
  if (summary != nullptr && *summary != '\0')
    write_file(summary, report::github_summary(reports), std::ios::app);
}

}  // namespace attest::cli
