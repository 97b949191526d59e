#include "check/case_file/replay.hpp"

#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "kernel/kernel.hpp"
#include "kernel/kernel_spec.hpp"
#include "problem/quote.hpp"
#include "report/check/case_text.hpp"
#include "report/check/crash_text.hpp"
#include "report/header.hpp"
#include "report/number.hpp"

namespace attest::cli {
namespace {

struct ReplayOptions {
  CommonOptions common;
  std::string file;
  std::string kernel;
  std::string python;
  bool allow_exec = false;
};

// The kernel that a file names may be a command of anybody's. One that the user names is the user's.
std::string spec_of(const ReplayOptions& options, const check::CaseFile& file) {
  if (!options.kernel.empty()) return options.kernel;
  if (const auto command = kernel::command_of_spec(file.kernel); command && !options.allow_exec) {
    throw UsageError(fmt::format("{} runs the command {}; --allow-exec permits that", quote(options.file, 60),
                                 quote(command->command, 60)));
  }
  return kernel::spec_from_folder(file.kernel, std::filesystem::path(options.file).parent_path());
}

std::string element_table(const std::vector<oracle::Element>& elements) {
  std::string text;
  for (const oracle::Element& e : elements) {
    text += fmt::format("  {:<16} expected {:<24} got {:<24}", report::element_name(e),
                        report::exact_text(e.expected), report::exact_text(e.got));
    if (e.bound > 0)
      text += fmt::format(" bound {:<10} error {} times the bound", report::short_text(e.bound),
                          report::short_text(e.ratio));
    text += "\n";
  }
  return text;
}

std::string_view status_text(check::ReplayStatus status) {
  switch (status) {
    case check::ReplayStatus::broken:
      return "broken";
    case check::ReplayStatus::explained:
      return "explained";
    case check::ReplayStatus::held:
      return "held";
    case check::ReplayStatus::declined:
      return "declined";
  }
  return "";
}

report::Json replay_json(const check::CaseFile& file, const check::ReplayReport& report,
                         const std::string& kernel) {
  report::Json json = report::report_header("replay", file.seed);
  json["kernel"] = kernel;
  json["law"] = file.law;
  json["status"] = status_text(report.status);
  const bool breaks =
      report.status == check::ReplayStatus::broken || report.status == check::ReplayStatus::explained;
  json["kind"] = breaks ? report::Json(name_of(report.kind)) : report::Json(nullptr);
  json["summary"] = report.summary;
  json["crash"] = report::crash_json(report.crash);
  json["printed"] = report.printed;
  json["same_numbers"] = report.same_numbers;
  if (!file.inferred_fields.empty()) json["inferred_fields"] = file.inferred_fields;
  json["would_conform_under"] =
      report.would_conform_under.empty() ? report::Json(nullptr) : report::Json(report.would_conform_under);
  json["elements"] = report::Json::array();
  for (const oracle::Element& e : report.elements) {
    json["elements"].push_back({{"at", report::element_name(e)},
                                {"expected", report::json_number(e.expected)},
                                {"got", report::json_number(e.got)},
                                {"bound", report::json_number(e.bound)},
                                {"bound_ratio", report::json_number(e.ratio)}});
  }
  return json;
}

Exit run_replay(const ReplayOptions& options) {
  const check::CaseFile file = check::read_case_file(options.file);
  use_python(options.python);
  const std::string spec = spec_of(options, file);
  const std::unique_ptr<kernel::Kernel> kernel = kernel::open_kernel(spec);
  const check::ReplayReport report =
      check::replay(file, *kernel, std::chrono::milliseconds{10'000}, threads_of(options.common));
  print(options.common,
        fmt::format("{}   law {}   {}\n", kernel->info().name, file.law, describe(file.problem)));
  for (const std::string& line : report::input_lines(file.problem)) print(options.common, "  " + line + "\n");
  if (!report.summary.empty()) print(options.common, report.summary + "\n");
  for (const std::string& line : report::crash_lines(report.crash)) print(options.common, "  " + line + "\n");
  for (const std::string& line : report.printed) print(options.common, "  printed: " + line + "\n");
  print(options.common, element_table(report.elements));
  write_json(options.common, replay_json(file, report, kernel->info().name));
  if (options.common.json != "-") {
    switch (report.status) {
      case check::ReplayStatus::broken:
        fmt::print("BROKEN   {}\n", report.same_numbers ? "same numbers as in the file"
                                                        : "different numbers from those in the file");
        if (!report.would_conform_under.empty())
          fmt::print("this case alone would be right under {}\n", report.would_conform_under);
        break;
      case check::ReplayStatus::explained:
        fmt::print("EXPLAINED   the law holds under {}{}\n", file.inferred_fields,
                   file.inferred_class == check::RelaxationClass::narrower
                       ? ", which the kernel should declare"
                       : "");
        break;
      case check::ReplayStatus::held:
        fmt::print("HELD   the law holds for this case\n");
        break;
      case check::ReplayStatus::declined:
        fmt::print("DECLINED   the kernel does not accept this case\n");
        break;
    }
  }
  switch (report.status) {
    case check::ReplayStatus::broken:
      return Exit::defect;
    case check::ReplayStatus::explained:
      return file.inferred_class == check::RelaxationClass::ordinary ? Exit::ok : Exit::undecided;
    case check::ReplayStatus::held:
      return Exit::ok;
    case check::ReplayStatus::declined:
      return Exit::undecided;
  }
  return Exit::internal;
}

}  // namespace

void add_replay_command(CLI::App& app, Exit& exit) {
  CLI::App* command =
      app.add_subcommand("replay", "Reproduce a finding from its case file and print the numbers");
  auto options = std::make_shared<ReplayOptions>();
  command->add_option("FILE", options->file, "Case file written by attest check")->required();
  command->add_option("--kernel", options->kernel, "Run this kernel instead of the one that the file names")
      ->type_name("KERNEL");
  add_python_option(*command, options->python);
  command->add_flag("--allow-exec", options->allow_exec,
                    "Run the command that the file names (exec:'...'), as you would run any program");
  add_common_options(*command, options->common);
  command->footer(
      "Exit codes: 0 the law holds, 1 the law is broken, 2 the kernel declines the case or should declare a "
      "contract, 64 usage error.\nExample: attest replay findings/libmine.so-1.json");
  command->callback([options, &exit] { exit = run_replay(*options); });
}

}  // namespace attest::cli
