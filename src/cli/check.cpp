#include <iterator>
#include <memory>

#include <fmt/format.h>

#include "cli/campaigns.hpp"
#include "cli/captures.hpp"
#include "cli/command.hpp"
#include "files/capture.hpp"
#include "kernel/kernel.hpp"
#include "oracle/contract/contract.hpp"
#include "report/check/check_json.hpp"
#include "report/check/check_text.hpp"
#include "report/number.hpp"
#include "report/wrap.hpp"

namespace attest::cli {
namespace {

struct CheckOptions {
  CommonOptions common;
  std::vector<std::string> kernels;
  std::string contract;
  std::string effort = "quick";
  double budget_seconds = 0;
  double time_limit_seconds = 10;
  std::string required;
  std::string findings_dir = "findings";
  std::int64_t rows = 0;
  bool all_laws = false;
};

check::CampaignOptions campaign_options(const CheckOptions& options) {
  check::CampaignOptions campaign;
  const std::optional<check::Effort> effort = check::effort_from_name(options.effort);
  if (!effort) throw UsageError(fmt::format("--effort: '{}' is not quick, ci or deep", options.effort));
  campaign.effort = *effort;
  if (options.budget_seconds > 0) campaign.budget_seconds = options.budget_seconds;
  campaign.seed = options.common.seed;
  campaign.contract = options.contract;
  // A contract that does not parse is the user's error, before anything runs.
  if (!options.contract.empty()) oracle::contract_for(options.contract, DType::f32, DType::f32);
  try {
    if (!options.required.empty()) campaign.required = check::requirements_from(options.required);
  } catch (const std::invalid_argument& error) {
    throw UsageError(fmt::format("--require: {}", error.what()));
  }
  campaign.findings_dir = options.findings_dir;
  campaign.time_limit =
      std::chrono::milliseconds(static_cast<std::int64_t>(options.time_limit_seconds * 1000));
  return campaign;
}

check::CaptureOptions capture_options(const CheckOptions& options) {
  check::CaptureOptions capture;
  capture.contract = options.contract;
  if (options.rows > 0) capture.rows = options.rows;
  capture.seed = options.common.seed;
  capture.jobs = threads_of(options.common);
  return capture;
}

std::vector<check::KernelReport> check_all(const CheckOptions& options) {
  std::vector<std::string> specs;
  std::vector<std::string> captures;
  for (const std::string& kernel : options.kernels) {
    if (files::looks_like_capture(kernel)) {
      captures.push_back(kernel);
      continue;
    }
    for (std::string& spec : kernel::expand_kernel_spec(kernel)) specs.push_back(std::move(spec));
  }
  if (options.rows > 0 && !specs.empty()) {
    throw UsageError(fmt::format("--rows applies to captures only; {} is a kernel", specs.front()));
  }
  std::vector<check::KernelReport> reports;
  const check::CampaignOptions campaign = campaign_options(options);
  for (const std::string& path : captures) {
    reports.push_back(run_capture(path, capture_options(options), options.findings_dir));
  }
  if (specs.empty()) return reports;
  std::vector<check::KernelReport> kernels =
      run_campaigns(specs, campaign, threads_of(options.common), options.common.quiet);
  std::move(kernels.begin(), kernels.end(), std::back_inserter(reports));
  return reports;
}

// What the named families would also check on another machine.
std::vector<kernel::UnavailableVariant> all_unavailable(const CheckOptions& options) {
  std::vector<kernel::UnavailableVariant> unavailable;
  for (const std::string& kernel : options.kernels) {
    if (files::looks_like_capture(kernel)) continue;
    for (kernel::UnavailableVariant& missing : kernel::unavailable_kernels(kernel))
      unavailable.push_back(std::move(missing));
  }
  return unavailable;
}

Exit run_check(const CheckOptions& options) {
  const std::vector<check::KernelReport> reports = check_all(options);
  Exit exit = Exit::ok;
  report::Json json = report::report_header("check", options.common.seed);
  json["effort"] = options.effort;
  json["kernels"] = report::Json::array();
  const report::TextStyle style{.all_laws = options.all_laws, .colour = colours_shown()};
  for (const check::KernelReport& report : reports) {
    exit = worse(exit, exit_of(report));
    json["kernels"].push_back(report::kernel_json(report));
    print(options.common, report::kernel_text(report, style) + "\n");
  }
  const std::vector<kernel::UnavailableVariant> unavailable = all_unavailable(options);
  if (!unavailable.empty()) json["unavailable"] = report::Json::array();
  for (const kernel::UnavailableVariant& kernel : unavailable) {
    json["unavailable"].push_back({{"name", kernel.name}, {"why", kernel.why}});
    print(options.common,
          report::wrapped("", fmt::format("{} is not available: {}", kernel.name, kernel.why)));
  }
  write_json(options.common, json);
  const bool one = reports.size() == 1;
  if (options.common.json != "-" && (options.common.quiet || !one))
    fmt::print("{}", report::verdict_table(reports));
  if (options.common.json != "-" && !options.common.quiet) fmt::print("exit {}\n", static_cast<int>(exit));
  return exit;
}

}  // namespace

void add_check_command(CLI::App& app, Exit& exit) {
  CLI::App* command = app.add_subcommand(
      "check", "Check kernels against the definition, the laws of attention and the certified error bound");
  auto options = std::make_shared<CheckOptions>();
  command
      ->add_option(
          "KERNEL", options->kernels,
          "A built-in kernel (attest list kernels), a shared library (./libmine.so[:symbol]), a command "
          "(exec:'CMD {in} {out}' for files, exec:'CMD {in_dir} {out_dir}' for folders of cases), or a "
          "capture (FILE.safetensors, FILE.npz, folder of .npy files)")
      ->required();
  command
      ->add_option("--contract", options->contract,
                   "Numerics contract of the kernel: 'preset;field=value;...' (attest list contracts)")
      ->type_name("C");
  command
      ->add_option("--effort", options->effort,
                   "Number of cases: quick (600, about 10 s), ci (2,000, 1 min) or deep (40,000, 10 min)")
      ->capture_default_str();
  command
      ->add_option("--budget", options->budget_seconds,
                   "Stop the check of each kernel after this many seconds")
      ->check(CLI::PositiveNumber)
      ->type_name("SECONDS");
  command
      ->add_option("--time-limit", options->time_limit_seconds,
                   "Time limit of one call; a longer call is a finding")
      ->check(CLI::Range(0.01, 86400.0))
      ->type_name("SECONDS")
      ->capture_default_str();
  command
      ->add_option("--require", options->required,
                   "Fail if the kernel declines any of these, for example 'f16,causal,head-dim:128' (attest "
                   "list features)")
      ->type_name("FEATURE,...");
  command->add_option("--rows", options->rows, "Judge N sampled query rows of a capture (0: all)")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  command->add_option("--findings", options->findings_dir, "Folder for case files, one per finding")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_flag("--laws", options->all_laws, "List every law, not only those that say something");
  add_common_options(*command, options->common);
  command->footer(
      "Exit codes: 0 conforming, 1 defective, 2 undecided, 64 usage error.\nExample: attest check "
      "./libmine.so:my_attention --effort ci --json mine.json");
  command->callback([options, &exit] { exit = run_check(*options); });
}

}  // namespace attest::cli
