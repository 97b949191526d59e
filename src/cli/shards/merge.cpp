#include "check/shard/merge.hpp"

#include <filesystem>
#include <map>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/shard/shard_json.hpp"
#include "cli/campaigns.hpp"
#include "cli/ci_outputs.hpp"
#include "cli/command.hpp"
#include "cli/output/outputs.hpp"
#include "problem/quote.hpp"
#include "report/check/check_json.hpp"
#include "report/check/check_text.hpp"
#include "report/header.hpp"
#include "report/wrap.hpp"

namespace attest::cli {
namespace {

struct MergeCommand {
  CommonOptions common;
  CiOptions ci;
  std::vector<std::string> files;
  std::string required_bits;
  std::string findings_dir = "findings";
  bool all_laws = false;
};

// By kernel, in the order of the first file. A file that is not there is a lost shard.
std::vector<std::vector<check::ShardRecord>> read_all(const std::vector<std::string>& files) {
  std::vector<std::vector<check::ShardRecord>> kernels;
  std::map<std::string, std::size_t> places;
  for (const std::string& path : files) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
      tell(fmt::format("there is no file {}", quote(path)));
      continue;
    }
    for (check::ShardRecord& record : check::read_shards(path)) {
      const auto [place, fresh] = places.try_emplace(record.spec, kernels.size());
      if (fresh) kernels.emplace_back();
      kernels[place->second].push_back(std::move(record));
    }
  }
  if (kernels.empty()) throw UsageError("merge: there is no shard");
  return kernels;
}

Exit run_merge(const MergeCommand& command) {
  const std::vector<std::string> same_bits = laws_with_equal_bits(command.required_bits);
  const std::vector<check::AcceptedFinding> baseline = baseline_of(command.ci);
  if (const std::string why = why_no_folder(command.findings_dir); !why.empty())
    throw UsageError("--findings: " + why);
  std::vector<check::KernelReport> reports;
  report::Json json;
  Exit exit = Exit::ok;
  const report::TextStyle style{.all_laws = command.all_laws, .colour = colours_shown()};
  for (std::vector<check::ShardRecord>& parts : read_all(command.files)) {
    check::MergedReport merged = check::merge_shards(std::move(parts));
    check::CampaignOptions files;
    files.findings_dir = command.findings_dir;
    files.kernel_spec = merged.spec;
    cli::write_case_files(merged.report, files);
    if (json.is_null()) {
      json = report::report_header("check", merged.report.seed);
      json["effort"] = merged.effort;
      json["kernels"] = report::Json::array();
    }
    json["kernels"].push_back(report::kernel_json(merged.report));
    json["kernels"].back()["lost_shards"] = merged.lost;
    print(command.common, report::kernel_text(merged.report, style) + "\n");
    if (!merged.lost.empty()) {
      tell(fmt::format("{}: lost shards {}", quote(merged.report.info.name), fmt::join(merged.lost, ", ")));
      exit = worse(exit, Exit::undecided);
    }
    exit = worse(exit, add_required_bits(command.common, merged.report, same_bits, json["kernels"].back()));
    reports.push_back(std::move(merged.report));
  }
  const check::BaselineComparison compared =
      compare_with_baseline(command.ci, baseline, reports, command.common, json);
  for (const check::KernelReport& report : reports) {
    exit = worse(exit, exit_of(command.ci.baseline.empty() ? report.verdict
                                                           : check::verdict_beyond(compared, report)));
  }
  write_json(command.common, json);
  write_ci_outputs(command.ci, reports, command.common);
  if (lost_output()) exit = worse(exit, Exit::internal);
  if (command.common.json == "-") return exit;
  if (command.common.quiet || reports.size() > 1) fmt::print("{}", report::verdict_table(reports));
  if (!command.common.quiet) fmt::print("exit {}\n", static_cast<int>(exit));
  return exit;
}

}  // namespace

void add_merge_command(CLI::App& app, Exit& exit) {
  CLI::App* command =
      app.add_subcommand("merge", "Join the shards of a check into the report that one run would have given");
  auto options = std::make_shared<MergeCommand>();
  command->add_option("FILE", options->files, "JSON files of attest check --shard I/N, in any order")
      ->required();
  command->add_option("--require-bitwise", options->required_bits, "As for attest check")
      ->type_name("LAW,...");
  command->add_option("--findings", options->findings_dir, "Folder for case files, one per finding")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_flag("--laws", options->all_laws, "List every law, even those with nothing to report");
  add_ci_options(*command, options->ci);
  command
      ->add_option("--json", options->common.json,
                   "Write the results as JSON to FILE (- for standard output)")
      ->check(writable_file())
      ->type_name("FILE");
  command->add_flag("--quiet", options->common.quiet, "Print only the verdict");
  command->footer(
      "Exit codes: 0 conforming, 1 defective, 2 undecided or a shard is lost, 64 usage error.\n"
      "Example: attest merge shard-*.json");
  command->callback([options, &exit] { exit = run_merge(*options); });
}

}  // namespace attest::cli
