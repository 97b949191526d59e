#include <filesystem>
#include <fstream>
#include <memory>

#include <fmt/format.h>

#include "cli/campaigns.hpp"
#include "cli/command.hpp"
#include "kernel/implementation.hpp"
#include "kernel/kernel.hpp"
#include "report/check_text.hpp"
#include "report/full_report.hpp"
#include "report/markdown.hpp"

namespace attest {
namespace {

struct ReportOptions {
  CommonOptions common;
  std::string out = "reports";
  std::string effort = "quick";
  bool strict = false;
};

// Every built-in kernel that opens on this machine; the others with the reason.
std::vector<std::string> available_kernels(std::vector<UnavailableKernel>& unavailable) {
  std::vector<std::string> specs;
  for (const AdapterFamily& family : adapter_families()) {
    for (const std::string& spec : expand_kernel_spec(family.name)) {
      try {
        open_kernel(spec);
        specs.push_back(spec);
      } catch (const KernelOpenError& error) {
        unavailable.push_back({spec, error.what()});
      }
    }
  }
  return specs;
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) throw UsageError(fmt::format("cannot write {}", path.string()));
}

Exit run_report(const ReportOptions& options) {
  FullReport report;
  report.seed = options.common.seed;
  report.effort = options.effort;
  CampaignOptions campaign;
  const std::optional<Effort> effort = effort_from_name(options.effort);
  if (!effort) throw UsageError(fmt::format("--effort: '{}' is not quick, ci or deep", options.effort));
  campaign.effort = *effort;
  campaign.seed = options.common.seed;
  const std::filesystem::path out = options.out;
  std::error_code made;
  std::filesystem::create_directories(out, made);
  if (made) throw UsageError(fmt::format("--out: cannot create {}: {}", options.out, made.message()));
  campaign.findings_dir = out / "findings";
  std::filesystem::remove_all(campaign.findings_dir);  // case files of an older report
  const std::vector<std::string> specs = available_kernels(report.unavailable);
  report.kernels = run_campaigns(specs, campaign, threads_of(options.common), options.common.quiet);
  const Json json = report_json(report);
  write_file(out / "report.json", json.dump(2) + "\n");
  write_file(out / "report.md", markdown(report));
  write_json(options.common, json);
  Exit kernels = Exit::ok;
  for (const KernelReport& kernel : report.kernels) {
    kernels = worse(kernels, exit_of(kernel));
  }
  print(options.common, verdict_table(report.kernels));
  for (const UnavailableKernel& kernel : report.unavailable) {
    print(options.common, fmt::format("{}  not available: {}\n", kernel.name, kernel.why));
  }
  print(options.common,
        fmt::format("\nwrote {} and {}\n", (out / "report.md").string(), (out / "report.json").string()));
  // A report that looked at nothing is no success; findings in third-party kernels are results.
  if (report.kernels.empty()) return Exit::undecided;
  return options.strict ? kernels : Exit::ok;
}

}  // namespace

void add_report_command(CLI::App& app, Exit& exit) {
  CLI::App* command =
      app.add_subcommand("report", "Check every available real kernel and write report.json and report.md");
  auto options = std::make_shared<ReportOptions>();
  command->add_option("--out", options->out, "Folder of the report")->type_name("DIR")->capture_default_str();
  command->add_option("--effort", options->effort, "quick (10 s a kernel), ci (60 s) or deep (10 min)")
      ->capture_default_str();
  command->add_flag("--strict", options->strict, "Findings in third-party kernels count in the exit code");
  add_common_options(*command, options->common);
  command->footer(
      "Exit: 0 unless attest itself fails (with --strict also 1 or 2 by the kernels' verdicts).\nExample: "
      "attest report --out reports");
  command->callback([options, &exit] { exit = run_report(*options); });
}

}  // namespace attest
