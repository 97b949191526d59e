#include "check/compare/compare.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "check/compare/same_problem.hpp"
#include "check/record/interruption.hpp"
#include "cli/campaigns.hpp"
#include "cli/command.hpp"
#include "cli/compare/operand.hpp"
#include "cli/interrupt.hpp"
#include "cli/output/outputs.hpp"
#include "cli/output/progress.hpp"
#include "files/capture/capture.hpp"
#include "problem/quote.hpp"
#include "report/compare/compare_json.hpp"
#include "report/compare/compare_text.hpp"

namespace attest::cli {
namespace {

struct CompareCommand {
  CommonOptions common;
  std::vector<std::string> kernels;
  CaseOptions size;
  std::string contract;
  std::string python;
  std::string findings_dir = "findings";
  std::string dtype;
  std::int64_t after_first = 0;  ///< 0: all cases
  bool pairs = false;
  bool markdown = false;
};

check::CampaignOptions campaign_options(const CompareCommand& command) {
  check::CampaignOptions options = campaign_of(command.size);
  if (!command.dtype.empty()) {
    options.dtype = dtype_from_name(command.dtype);
    if (!options.dtype || !is_floating(*options.dtype))
      throw UsageError(fmt::format("--dtype: '{}' is not f64, f32, f16 or bf16", quote(command.dtype)));
  }
  if (command.after_first > 0) options.cases_after_first = command.after_first;
  options.seed = command.common.seed;
  options.jobs = threads_of(command.common);
  options.findings_dir = command.findings_dir;
  return options;
}

// The first against each other one, or each against each.
std::vector<std::pair<std::size_t, std::size_t>> places_of_pairs(std::size_t kernels, bool all) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t first = 0; first < (all ? kernels : 1); ++first) {
    for (std::size_t second = first + 1; second < kernels; ++second) pairs.emplace_back(first, second);
  }
  return pairs;
}

// Operands that are results of one problem: captures, and kernels that run the problem of the captures.
class Results {
 public:
  explicit Results(const std::vector<Operand>& operands) {
    for (const Operand& operand : operands) {
      if (operand.capture) read(operand);
    }
  }

  check::PairReport compare(const Operand& a, const Operand& b, const CompareCommand& command) const {
    check::CaptureOptions options;
    options.seed = command.common.seed;
    options.jobs = threads_of(command.common);
    check::PairReport report;
    const auto first = result_of(a, command, report.why);
    const auto second = result_of(b, command, report.why);
    if (first && second) return check::compare_results(problem_, *first, *second, options);
    for (const std::size_t at : {0U, 1U}) report.kernels[at].info.name = at == 0 ? a.name : b.name;
    return report;
  }

 private:
  void read(const Operand& operand) {
    files::Capture capture = files::read_capture(operand.spec);
    if (captures_.empty()) {
      problem_ = capture.problem;
      first_ = operand.spec;
    } else if (const std::string why = check::why_other_problem(problem_, capture.problem); !why.empty()) {
      throw UsageError(
          fmt::format("{} and {} are not of one problem: {}", quote(first_), quote(operand.spec), why));
    }
    captures_.push_back({operand.name,
                         {operand.name, std::move(capture.result),
                          operand.contract.empty() ? capture.contract : operand.contract}});
  }

  std::optional<check::ComparedResult> result_of(const Operand& operand, const CompareCommand& command,
                                                 std::vector<std::string>& why) const {
    for (const auto& [name, capture] : captures_) {
      if (name == operand.name) return capture;
    }
    if (problem_.q_start) {
      why.push_back(operand.name + " is not called: no kernel takes the position of the first query");
      return std::nullopt;
    }
    const std::unique_ptr<kernel::Kernel> kernel = open_operand(operand);
    kernel::RunOptions options;
    options.time_limit = campaign_options(command).time_limit;
    kernel::RunOutcome outcome = kernel->run(problem_, options);
    if (outcome.status != kernel::RunStatus::ok) {
      why.push_back(outcome.status == kernel::RunStatus::unsupported
                        ? operand.name + " declines the problem of the captures"
                        : fmt::format("{} gives no result: {}", operand.name, outcome.detail));
      return std::nullopt;
    }
    return check::ComparedResult{operand.name, std::move(outcome.result),
                                 operand.contract.empty() ? kernel->info().contract : operand.contract};
  }

  std::string first_;
  Problem problem_;
  std::vector<std::pair<std::string, check::ComparedResult>> captures_;
};

// Kernels, opened once.
class Kernels {
 public:
  Kernels(const std::vector<Operand>& operands, const check::CampaignOptions& options) {
    for (const Operand& operand : operands) {
      kernels_.push_back(open_operand(operand));
      check::CampaignOptions mine = options;
      mine.contract = operand.contract;
      region_for_contract(*kernels_.back(), operand.spec, mine);
    }
  }

  check::PairReport compare(const std::vector<Operand>& operands, std::size_t first, std::size_t second,
                            const check::CampaignOptions& options) const {
    const auto of = [&](std::size_t at) {
      kernels_[at]->forget();
      return check::ComparedKernel{kernels_[at].get(), operands[at].name, operands[at].spec,
                                   operands[at].contract};
    };
    return check::compare_kernels(of(first), of(second), options);
  }

 private:
  std::vector<std::unique_ptr<kernel::Kernel>> kernels_;
};

std::vector<report::ComparedPair> compare_all(const std::vector<Operand>& operands,
                                              const CompareCommand& command) {
  const bool captures =
      std::any_of(operands.begin(), operands.end(), [](const Operand& o) { return o.capture; });
  const auto places = places_of_pairs(operands.size(), command.pairs);
  check::CampaignOptions options = campaign_options(command);
  keep_judgements(operands.size());
  const StopOnSignal stop;
  std::optional<Results> results;
  std::optional<Kernels> kernels;
  captures ? static_cast<void>(results.emplace(operands))
           : static_cast<void>(kernels.emplace(operands, options));
  std::vector<report::ComparedPair> pairs;
  ProgressLine line(places.size(), command.common.quiet);
  for (const auto& [first, second] : places) {
    if (check::stop_requested()) break;
    options.progress = [&line, at = pairs.size()](const check::CampaignProgress& p) { line.update(at, p); };
    pairs.push_back({first, second,
                     captures ? results->compare(operands[first], operands[second], command)
                              : kernels->compare(operands, first, second, options)});
  }
  return pairs;
}

Exit exit_of(check::PairVerdict verdict) {
  switch (verdict) {
    case check::PairVerdict::equal_bits:
    case check::PairVerdict::equivalent:
      return Exit::ok;
    case check::PairVerdict::one_wrong:
    case check::PairVerdict::both_wrong:
      return Exit::defect;
    case check::PairVerdict::cannot_tell:
      return Exit::undecided;
  }
  return Exit::internal;
}

Exit print_all(const CompareCommand& command, const std::vector<std::string>& names,
               const std::vector<report::ComparedPair>& pairs) {
  report::Json json = report::report_header("compare", command.common.seed);
  json["effort"] = command.size.effort;
  json["names"] = names;
  json["pairs"] = report::Json::array();
  Exit exit = Exit::ok;
  for (const report::ComparedPair& pair : pairs) {
    json["pairs"].push_back(report::pair_json(pair.report));
    if (!command.markdown) print(command.common, report::pair_text(pair.report) + "\n");
    exit = worse(exit, exit_of(pair.report.verdict));
  }
  write_json(command.common, json);
  if (command.common.json == "-") return exit;
  if (command.markdown) {
    fmt::print("{}", report::compare_markdown(names, pairs));
    return exit;
  }
  if (command.common.quiet || pairs.size() > 1) {
    for (const report::ComparedPair& pair : pairs) fmt::print("{}", report::pair_verdict_text(pair.report));
  }
  if (names.size() > 2) print(command.common, "\n" + report::pair_matrix_text(names, pairs));
  return exit;
}

Exit run_compare(const CompareCommand& command) {
  if (const std::string why = why_no_folder(command.findings_dir); !why.empty())
    throw UsageError("--findings: " + why);
  use_python(command.python);
  const std::vector<Operand> operands = operands_from(command.kernels, command.contract);
  if (operands.size() < 2) throw UsageError("compare: name two kernels or captures, or more");
  std::vector<std::string> names;
  for (const Operand& operand : operands) names.push_back(operand.name);
  const std::vector<report::ComparedPair> pairs = compare_all(operands, command);
  Exit exit = print_all(command, names, pairs);
  if (check::stop_requested()) exit = worse(exit, Exit::interrupted);
  if (lost_output()) exit = worse(exit, Exit::internal);
  const bool text = command.common.json != "-" && !command.common.quiet && !command.markdown;
  if (text) fmt::print("exit {}\n", static_cast<int>(exit));
  return exit;
}

void add_drawing_options(CLI::App& command, CompareCommand& options) {
  add_case_options(command, options.size, "Number of cases of each pair, as for attest check",
                   "Stop each comparison after this many seconds");
  command
      .add_option("--after-first", options.after_first,
                  "Stop when N more cases were answered after the first that shows which kernel is wrong")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command.add_option("--dtype", options.dtype, "Only cases in this type: f64, f32, f16 or bf16")
      ->type_name("T");
}

}  // namespace

void add_compare_command(CLI::App& app, Exit& exit) {
  CLI::App* command = app.add_subcommand(
      "compare", "Decide whether a difference between kernels is a bug, and in which of them");
  auto options = std::make_shared<CompareCommand>();
  command
      ->add_option("KERNEL", options->kernels,
                   "Two or more kernels, as for attest check. KERNEL@threads=N, KERNEL@batches=N and "
                   "KERNEL@contract=C are the same kernel with N threads, at most N batches per call, or "
                   "another contract. Captures must all hold the same problem, which the other kernels run")
      ->required();
  command->add_flag("--pairs", options->pairs,
                    "Compare every pair, instead of the first kernel with the others");
  command
      ->add_option("--contract", options->contract,
                   "Numerics contract of the kernels that are named without one")
      ->type_name("C");
  add_drawing_options(*command, *options);
  add_python_option(*command, options->python);
  command->add_option("--findings", options->findings_dir, "Folder for case files, one per finding")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_flag("--markdown", options->markdown, "Print Markdown");
  add_common_options(*command, options->common);
  command->footer(
      "Exit codes: 0 equal bits or equivalent, 1 one is wrong, or both, 2 cannot be told, 64 usage error, "
      "130 interrupted.\nExample: attest compare onnxruntime:mha onnxruntime:attention-24");
  command->callback([options, &exit] { exit = run_compare(*options); });
}

}  // namespace attest::cli
