#include <memory>
#include <utility>

#include <fmt/format.h>

#include "check/fault_study/fault_study.hpp"
#include "cli/campaigns.hpp"
#include "cli/command.hpp"
#include "cli/output/progress.hpp"
#include "cli/studies/detection.hpp"
#include "report/faults/faults_report.hpp"

namespace attest::cli {
namespace {

struct FaultsOptions {
  CommonOptions common;
  std::vector<std::string> names;
  std::vector<std::string> dtypes;
  std::string effort = "ci";
  std::int64_t control_cases = 0;
  bool whole = false;
  DetectionOptions detection;
};

check::StudyOptions study_options(const FaultsOptions& options) {
  check::StudyOptions study;
  study.effort = effort_of(options.effort);
  study.seed = options.common.seed;
  study.jobs = threads_of(options.common);
  study.names = options.names;
  study.whole = options.whole;
  if (options.control_cases > 0) study.control_cases = options.control_cases;
  if (options.dtypes.empty()) return study;
  study.dtypes.clear();
  for (const std::string& name : options.dtypes) {
    const std::optional<DType> dtype = dtype_from_name(name);
    if (!dtype || !is_floating(*dtype))
      throw UsageError(fmt::format("--dtype: '{}' is not f64, f32, f16 or bf16", name));
    study.dtypes.push_back(*dtype);
  }
  return study;
}

void check_combination(const FaultsOptions& options) {
  const DetectionOptions& detection = options.detection;
  const bool asked = detection.peers || detection.resolution;
  if (detection.markdown && !asked) throw UsageError("--markdown needs --versus-peers or --resolution");
  if (options.whole && asked) throw UsageError("--whole excludes --versus-peers and --resolution");
  if (detection.resolution && !options.names.empty())
    throw UsageError("--resolution takes no NAME: it has faults of its own");
}

Exit run_faults(const FaultsOptions& options) {
  check_combination(options);
  keep_judgements(2);  // the kernels of a study get the same cases
  check::StudyOptions wanted = study_options(options);
  const DetectionOptions& detection = options.detection;
  if (detection.peers || detection.resolution)
    return run_detection(options.common, detection, std::move(wanted), options.effort);
  check::FaultStudy study;
  {
    StatusLine line(options.common.quiet);
    wanted.progress = [&](std::int64_t done, std::int64_t planned, const std::string& name) {
      line.show(fmt::format("{} of {} kernels   {}", done, planned, name));
    };
    try {
      study = check::run_fault_study(wanted);
    } catch (const std::invalid_argument& error) {
      throw UsageError(error.what());
    }
  }
  report::Json json = report::report_header("faults", options.common.seed);
  json["effort"] = options.effort;
  json.update(report::faults_json(study));
  write_json(options.common, json);
  print(options.common, report::faults_text(study) + "\n");
  const Exit exit = report::as_promised(study) ? Exit::ok : Exit::defect;
  if (options.common.json == "-") return exit;
  if (!study.faults.empty()) fmt::print("{}\n", report::faults_summary(study));
  if (!study.controls.empty()) fmt::print("{}\n", report::controls_summary(study));
  const std::string narrow = report::narrow_summary(study);
  if (!narrow.empty()) fmt::print("{}\n", narrow);
  return exit;
}

}  // namespace

void add_faults_command(CLI::App& app, Exit& exit) {
  CLI::App* command = app.add_subcommand(
      "faults", "Check that every seeded bug is found and identified, and that no correct kernel is flagged");
  auto options = std::make_shared<FaultsOptions>();
  command->add_option("NAME", options->names,
                      "Faults, controls and narrow kernels to run (default: all; see attest list faults)");
  command->add_option("--dtype", options->dtypes, "f64, f32, f16 or bf16 (default: all)")->type_name("T");
  command->add_option("--effort", options->effort, "Number of cases per fault: quick, ci or deep")
      ->capture_default_str();
  command->add_option("--control-cases", options->control_cases, "Number of cases per control and dtype")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command->add_flag("--whole", options->whole,
                    "Check each fault as attest check does: all dtypes at once, and every case");
  command->add_flag(
      "--versus-peers", options->detection.peers,
      "Instead, ask the acceptance rules of other test suites about each fault in f32, f16 and bf16");
  command->add_flag(
      "--resolution", options->detection.resolution,
      "Instead, find the smallest fault that each effort up to --effort finds, of faults of any size");
  command->add_flag("--markdown", options->detection.markdown,
                    "With these two: print the results as a page in Markdown");
  add_common_options(*command, options->common);
  command->footer(
      "Exit codes: 0 every fault found, at least 9 in 10 identified and none misidentified, one finding in "
      "at\nleast 9 in 10 and never more than 3, every case file replays, no false alarm, and every narrow "
      "control\nanswers at least 80 % of its cases; 1 otherwise; 64 usage error. With --versus-peers: 1 "
      "where\nattest accepts a fault or flags a control.\nEach kernel is also a "
      "symbol of libattest_faults.so.\nExample: attest faults causal_key_ahead rescale_skipped --dtype f32");
  command->callback([options, &exit] { exit = run_faults(*options); });
}

}  // namespace attest::cli
