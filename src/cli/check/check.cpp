#include <iterator>

#include <fmt/format.h>

#include "check/record/interruption.hpp"
#include "cli/campaigns.hpp"
#include "cli/captures.hpp"
#include "cli/check/options.hpp"
#include "cli/ci_outputs.hpp"
#include "cli/command.hpp"
#include "cli/devices/devices.hpp"
#include "cli/interrupt.hpp"
#include "cli/output/outputs.hpp"
#include "cli/output/page_output.hpp"
#include "kernel/kernel.hpp"
#include "kernel/kernel_spec.hpp"
#include "kernel/python/launch.hpp"
#include "kernel/python_spec.hpp"
#include "kernel/unavailable.hpp"
#include "oracle/contract/contract.hpp"
#include "problem/quote.hpp"
#include "report/check/check_json.hpp"
#include "report/check/check_text.hpp"
#include "report/number.hpp"
#include "report/wrap.hpp"

namespace attest::cli {
namespace {

std::optional<files::AxisOrder> order_of(const CheckOptions& options) {
  if (options.layout.empty()) return std::nullopt;
  return files::axis_order_from(options.layout);
}

// The spec of a kernel, whose files are in the order that --layout names.
std::string in_layout(const std::string& spec, const CheckOptions& options) {
  const std::optional<files::AxisOrder> order = order_of(options);
  if (!order) return spec;
  if (!kernel::command_of_spec(spec)) {
    throw UsageError(fmt::format(
        "--layout applies to captures and commands; {} is neither, and gets its layout by strides",
        quote(spec)));
  }
  return kernel::with_axis_order(spec, *order);
}

// The spec of a kernel with what --signature and --device say of it.
std::string with_options(const std::string& spec, const CheckOptions& options) {
  if (kernel::is_python_spec(spec))
    return kernel::with_python_options(in_layout(spec, options), options.signature, options.device);
  const std::string_view flag = !options.signature.empty() ? "--signature"
                                : !options.device.empty()  ? "--device"
                                                           : "";
  if (flag.empty()) return in_layout(spec, options);
  throw UsageError(
      fmt::format("{} applies to Python functions (py:module:function); {} is none", flag, quote(spec)));
}

check::CampaignOptions campaign_options(const CheckOptions& options) {
  check::CampaignOptions campaign = campaign_of(options.size);
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
  return campaign;
}

CaptureCheck capture_options(const CheckOptions& options) {
  CaptureCheck capture;
  capture.how.contract = options.contract;
  if (options.rows > 0) capture.how.rows = options.rows;
  capture.how.seed = options.common.seed;
  capture.how.jobs = threads_of(options.common);
  capture.findings_dir = options.findings_dir;
  capture.order = order_of(options);
  return capture;
}

void add_campaigns(const std::vector<std::string>& specs, const check::CampaignOptions& campaign,
                   const CheckOptions& options, std::vector<check::KernelReport>& reports) {
  std::vector<check::KernelReport> kernels =
      run_campaigns(specs, campaign, threads_of(options.common), options.common.quiet);
  std::move(kernels.begin(), kernels.end(), std::back_inserter(reports));
}

// Kernels whose driver is missing here go to `missing`. `records`: of shards, where --shard asks for one.
std::vector<check::KernelReport> check_all(const CheckOptions& options,
                                           std::vector<kernel::UnavailableVariant>& missing,
                                           std::vector<report::Json>& records) {
  std::vector<std::string> specs;
  std::vector<std::string> captures;
  use_python(options.python);
  for (const std::string& kernel : options.kernels) {
    if (is_capture(kernel)) {
      captures.push_back(kernel);
      continue;
    }
    for (const std::string& spec : kernel::expand_kernel_spec(kernel))
      specs.push_back(with_options(spec, options));
  }
  std::optional<check::Shard> shard;
  if (!options.shard.empty()) shard = shard_of(options, captures);
  if (options.rows > 0 && !specs.empty()) {
    throw UsageError(fmt::format("--rows applies to captures only; {} is a kernel", specs.front()));
  }
  if (const std::string why = why_no_folder(options.findings_dir); !why.empty())
    throw UsageError("--findings: " + why);
  std::vector<std::string> simulated_specs;
  if (options.races) simulated_specs = under_oclgrind(specs);
  if (options.races && simulated_specs.empty())
    throw UsageError("--races applies to kernels in OpenCL C (opencl:FILE.cl)");
  std::vector<check::KernelReport> reports;
  const check::CampaignOptions campaign = campaign_options(options);
  for (const std::string& path : captures) {
    reports.push_back(run_capture(path, capture_options(options)));
  }
  leave_out_unavailable(specs, missing);
  leave_out_unavailable(simulated_specs, missing);
  const StopOnSignal stop;
  if (shard) {
    for (ShardRun& run : run_shards(specs, campaign, *shard, options.common)) {
      reports.push_back(std::move(run.report));
      records.push_back(std::move(run.record));
    }
    return reports;
  }
  if (!specs.empty()) add_campaigns(specs, campaign, options, reports);
  if (!simulated_specs.empty()) add_campaigns(simulated_specs, simulated(campaign), options, reports);
  if (reports.empty() && !missing.empty())
    throw kernel::KernelUnavailable(missing.front().name, missing.front().why);
  return reports;
}

// What the named families would also check on another machine.
std::vector<kernel::UnavailableVariant> all_unavailable(const CheckOptions& options) {
  std::vector<kernel::UnavailableVariant> unavailable;
  for (const std::string& kernel : options.kernels) {
    if (is_capture(kernel)) continue;
    for (kernel::UnavailableVariant& missing : kernel::unavailable_kernels(kernel))
      unavailable.push_back(std::move(missing));
  }
  return unavailable;
}

}  // namespace

Exit run_check(const CheckOptions& options) {
  const std::vector<std::string> same_bits = laws_with_equal_bits(options.required_bits);
  const std::vector<check::AcceptedFinding> baseline = baseline_of(options.ci);
  std::vector<kernel::UnavailableVariant> missing;
  std::vector<report::Json> records;
  const std::vector<check::KernelReport> reports = check_all(options, missing, records);
  report::Json json = report::report_header("check", options.common.seed);
  json["effort"] = options.size.effort;
  json["kernels"] = report::Json::array();
  Exit exit = missing.empty() ? Exit::ok : Exit::undecided;
  const report::TextStyle style{.all_laws = options.all_laws, .colour = colours_shown()};
  for (const check::KernelReport& report : reports) {
    json["kernels"].push_back(report::kernel_json(report));
    if (!records.empty()) json["kernels"].back()["shard"] = std::move(records[json["kernels"].size() - 1]);
    print(options.common, report::kernel_text(report, style) + "\n");
    exit = worse(exit, add_required_bits(options.common, report, same_bits, json["kernels"].back()));
  }
  const check::BaselineComparison compared =
      compare_with_baseline(options.ci, baseline, reports, options.common, json);
  for (const check::KernelReport& report : reports) {
    exit = worse(exit, exit_of(options.ci.baseline.empty() ? report.verdict
                                                           : check::verdict_beyond(compared, report)));
  }
  if (!options.shard.empty())
    print(options.common,
          fmt::format("shard {} of the cases; attest merge joins the JSON of all\n", options.shard));
  std::vector<kernel::UnavailableVariant> unavailable = all_unavailable(options);
  unavailable.insert(unavailable.end(), missing.begin(), missing.end());
  if (!unavailable.empty()) json["unavailable"] = report::Json::array();
  for (const kernel::UnavailableVariant& kernel : unavailable) {
    json["unavailable"].push_back({{"name", kernel.name}, {"why", kernel.why}});
    print(options.common,
          report::wrapped("", fmt::format("{} is not available: {}", kernel.name, kernel.why)));
  }
  options.shard.empty() ? write_json(options.common, json) : write_json_whole(options.common, json);
  write_ci_outputs(options.ci, reports, options.common);
  print(options.common,
        write_check_page(options.page_dir, options.common.seed, options.size.effort, reports, json));
  if (check::stop_requested()) exit = worse(exit, Exit::interrupted);
  if (lost_output()) exit = worse(exit, Exit::internal);
  const bool one = reports.size() == 1;
  if (options.common.json != "-" && (options.common.quiet || !one))
    fmt::print("{}", report::verdict_table(reports));
  if (options.common.json != "-" && !options.common.quiet) fmt::print("exit {}\n", static_cast<int>(exit));
  return exit;
}

}  // namespace attest::cli
