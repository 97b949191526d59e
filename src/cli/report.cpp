#include <chrono>
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "check/record/interruption.hpp"
#include "cli/campaigns.hpp"
#include "cli/command.hpp"
#include "cli/interrupt.hpp"
#include "cli/output/outputs.hpp"
#include "cli/output/page_output.hpp"
#include "cli/output/progress.hpp"
#include "cli/proofs.hpp"
#include "kernel/implementation.hpp"
#include "kernel/kernel.hpp"
#include "prove/prove_text.hpp"
#include "report/check/check_text.hpp"
#include "report/forms/forms_report.hpp"
#include "report/full/full_report.hpp"
#include "report/proofs/proofs_markdown.hpp"
#include "report/space/space_json.hpp"
#include "theorems.hpp"

namespace attest::cli {
namespace {

constexpr std::int64_t kMostKeysOfGrowth = 1 << 13;  // two doublings beyond where f16 sums stop

constexpr std::size_t kLedgerLength = 32;  // attest space measures longer ones

struct ReportOptions {
  CommonOptions common;
  std::string out = "report";
  std::string effort = "quick";
  std::vector<std::string> kernels;  // empty: every built-in one
  double budget_seconds = 0;         // of each kernel; 0: that of the effort
  bool strict = false;
  bool no_coq = false;
};

// Every built-in kernel that opens on this machine; the others with the reason.
std::vector<std::string> available_kernels(std::vector<report::UnavailableKernel>& unavailable) {
  std::vector<std::string> specs;
  for (const kernel::AdapterFamily& family : kernel::adapter_families()) {
    for (const kernel::UnavailableVariant& variant : kernel::unavailable_kernels(family.name))
      unavailable.push_back({variant.name, variant.why});
    for (const std::string& variant : family.device_variants)
      unavailable.push_back({family.name + ":" + variant,
                             "GPU kernels are not in this report; docs/gpu.md says how to check them"});
    for (const std::string& spec : kernel::expand_kernel_spec(family.name)) {
      try {
        kernel::open_kernel(spec);
        specs.push_back(spec);
      } catch (const kernel::KernelOpenError& error) {
        unavailable.push_back({spec, error.what()});
      }
    }
  }
  return specs;
}

// Opened here, so that a kernel that cannot be is an error before minutes of proofs, not after.
std::vector<std::string> named_kernels(const std::vector<std::string>& names) {
  std::vector<std::string> specs;
  for (const std::string& name : names) {
    for (std::string& spec : kernel::expand_kernel_spec(name)) {
      kernel::open_kernel(spec);
      specs.push_back(std::move(spec));
    }
  }
  return specs;
}

// What ./attest bench wrote, here or where this tree keeps it.
std::optional<report::Costs> costs_beside(const std::filesystem::path& out) {
  std::optional<report::Costs> costs = report::read_costs(out / "bench.json");
  return costs ? costs : report::read_costs("reports/bench.json");
}

// Attest's own forms and proofs: what the exit code judges.
Exit check_own(const ReportOptions& options, report::FullReport& report) {
  const CommonOptions& common = options.common;
  prove::ProveOptions prove;
  if (prove::cvc5_version().empty()) prove.solvers = prove::SolverChoice::z3;
  const auto start = std::chrono::steady_clock::now();
  report.proofs = run_proofs(proofs::theorems(), prove, common);
  report.proof_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  StatusLine line(common.quiet);
  line.show("Coq's proofs");
  report.coq = options.no_coq ? prove::CoqReport{"--no-coq", "", {}} : prove::ask_coq();
  forms::MatrixOptions matrix;
  matrix.seed = common.seed;
  matrix.jobs = static_cast<int>(threads_of(common));
  matrix.progress = [&](std::int64_t done, std::int64_t total) {
    line.show(fmt::format("{} of {} combinations of law, form and kind of number", done, total));
  };
  report.matrix = forms::run_matrix(matrix);
  line.show("error growth");
  report.growth = forms::measure_error_growth(common.seed, kMostKeysOfGrowth);
  space::SpaceOptions space;
  space.seed = common.seed;
  space.length = kLedgerLength;
  space.progress = [&](const std::string& text) { line.show(text); };
  report.space = space::measure_space(space);
  Exit exit = exit_of(report.proofs);
  for (const prove::CoqTheorem& theorem : report.coq.theorems) {
    if (!theorem.proved) exit = worse(exit, Exit::undecided);
  }
  if (!report.space.holds()) exit = worse(exit, Exit::defect);
  for (const forms::Cell& cell : report.matrix) {
    if (cell.status == forms::CellStatus::violated) exit = worse(exit, Exit::defect);
  }
  for (const forms::GrowthPoint& point : report.growth.points) {
    if (point.ratio > 1) exit = worse(exit, Exit::defect);
  }
  return exit;
}

std::string own_text(const report::FullReport& report) {
  return fmt::format("{}\ncoq: {}\n{}\n{}\n\n", prove::proofs_summary(report.proofs, report.proof_seconds),
                     report::coq_summary(report.coq), report::space_summary(report.space),
                     report::matrix_summary(report.matrix));
}

Exit run_report(const ReportOptions& options) {
  report::FullReport report;
  report.seed = options.common.seed;
  report.effort = options.effort;
  check::CampaignOptions campaign;
  campaign.effort = effort_of(options.effort);
  campaign.seed = options.common.seed;
  if (options.budget_seconds > 0) campaign.budget_seconds = options.budget_seconds;
  const std::filesystem::path out = options.out;
  if (const std::string why = why_no_folder(options.out); !why.empty()) throw UsageError("--out: " + why);
  std::filesystem::create_directories(out);
  try {
    report.costs = costs_beside(out);
  } catch (const report::CostsError& error) {
    throw UsageError(error.what());
  }
  const std::vector<std::string> specs =
      options.kernels.empty() ? available_kernels(report.unavailable) : named_kernels(options.kernels);
  campaign.findings_dir = out / "findings";
  std::filesystem::remove_all(campaign.findings_dir);  // case files of an older report
  const Exit own = check_own(options, report);
  for (const std::string& spec : specs)
    report.kernel_memory.push_back(space::measure_kernel_memory(*kernel::open_kernel(spec)));
  {
    const StopOnSignal stop;
    report.kernels = run_campaigns(specs, campaign, threads_of(options.common), options.common.quiet);
  }
  const report::Json json = report::report_json(report);
  write_json(options.common, json);
  Exit kernels = Exit::ok;
  for (const check::KernelReport& kernel : report.kernels) {
    kernels = worse(kernels, exit_of(kernel));
  }
  print(options.common, own_text(report));
  print(options.common, report::verdict_table(report.kernels));
  for (const report::UnavailableKernel& kernel : report.unavailable) {
    print(options.common, fmt::format("{}  not available: {}\n", kernel.name, kernel.why));
  }
  print(options.common, write_report(out, report, json));
  if (check::stop_requested()) return Exit::interrupted;
  // A report that looked at nothing is no success; findings in third-party kernels are results.
  if (report.kernels.empty()) return worse(own, Exit::undecided);
  return options.strict ? worse(own, kernels) : own;
}

}  // namespace

void add_report_command(CLI::App& app, Exit& exit) {
  CLI::App* command =
      app.add_subcommand("report",
                         "Run the proofs, test attest's own forms and check all built-in kernels; write the "
                         "results as index.html, report.md and report.json");
  auto options = std::make_shared<ReportOptions>();
  command->add_option("--out", options->out, "Output folder")->type_name("DIR")->capture_default_str();
  command
      ->add_option("--effort", options->effort,
                   "Number of cases: quick (600, about 10 s), ci (2,000, 1 min) or deep (40,000, 10 min)")
      ->capture_default_str();
  command->add_option("--kernel", options->kernels,
                      "Check only this kernel; repeatable (default: all built-in kernels)");
  command->add_option("--budget", options->budget_seconds, kBudgetHelp)
      ->check(seconds_above_zero())
      ->type_name("SECONDS");
  command->add_flag("--strict", options->strict, "Let findings in third-party kernels change the exit code");
  command->add_flag("--no-coq", options->no_coq,
                    "Do not ask Coq (minutes the first time), where it is installed");
  add_common_options(*command, options->common);
  command->footer(
      "Exit codes, for attest's own proofs and forms: 0 all hold, 1 a defect, 2 undecided. With --strict, "
      "the\nkernels' verdicts count too.\nExample: attest report --out report --effort ci");
  command->callback([options, &exit] { exit = run_report(*options); });
}

}  // namespace attest::cli
