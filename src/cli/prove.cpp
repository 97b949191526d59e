#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <memory>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/output/outputs.hpp"
#include "cli/proofs.hpp"
#include "prove/prove_json.hpp"
#include "prove/prove_text.hpp"
#include "prove/smt2_files.hpp"
#include "report/header.hpp"
#include "theorems.hpp"

namespace attest::cli {
namespace {

struct ProveCommand {
  CommonOptions common;
  std::vector<std::string> names;
  std::string solver = "both";
  std::string smt2;
  double time_limit_seconds = prove::ProveOptions{}.z3.seconds;
};

// A name means the theorem of that name, or the family of those whose names it begins: "saturation".
bool means(const std::string& name, const prove::Theorem& theorem) {
  return theorem.name == name || theorem.name.rfind(name + "-", 0) == 0;
}

std::vector<prove::Theorem> chosen(const std::vector<std::string>& names) {
  if (names.empty()) return proofs::theorems();
  for (const std::string& name : names) {
    if (std::none_of(proofs::theorems().begin(), proofs::theorems().end(),
                     [&](const prove::Theorem& t) { return means(name, t); }))
      throw UsageError(fmt::format("no theorem '{}' (see attest list theorems)", name));
  }
  std::vector<prove::Theorem> some;
  std::copy_if(proofs::theorems().begin(), proofs::theorems().end(), std::back_inserter(some),
               [&](const prove::Theorem& theorem) {
                 return std::any_of(names.begin(), names.end(),
                                    [&](const std::string& name) { return means(name, theorem); });
               });
  return some;
}

report::Json prove_json(const std::vector<prove::TheoremReport>& reports, double seconds,
                        std::uint64_t seed) {
  report::Json json = report::report_header("prove", seed);
  json["versions"] = {{"z3", prove::z3_version()}, {"cvc5", prove::cvc5_version()}};
  json["seconds"] = seconds;
  json["theorems"] = report::Json::array();
  for (const prove::TheoremReport& report : reports) json["theorems"].push_back(prove::theorem_json(report));
  return json;
}

Exit run_prove(const ProveCommand& command) {
  const std::vector<prove::Theorem> theorems = chosen(command.names);
  const prove::SolverChoice solvers = command.solver == "z3"     ? prove::SolverChoice::z3
                                      : command.solver == "cvc5" ? prove::SolverChoice::cvc5
                                                                 : prove::SolverChoice::both;
  if (!(command.time_limit_seconds >= 1)) throw UsageError("--time-limit: not a number of seconds >= 1");
  if (solvers != prove::SolverChoice::z3 && prove::cvc5_version().empty())
    throw UsageError("cvc5 is not installed (Debian package cvc5); --solver z3 works without it");
  if (!command.smt2.empty()) {
    if (const std::string why = why_no_folder(command.smt2); !why.empty()) throw UsageError("--smt2: " + why);
    std::filesystem::create_directories(command.smt2);
  }
  prove::ProveOptions options;
  options.solvers = solvers;
  options.smt2 = command.smt2;
  options.z3.seconds = command.time_limit_seconds;
  options.cvc5.seconds = std::min(options.cvc5.seconds, command.time_limit_seconds);
  options.z3.seed = options.cvc5.seed = static_cast<unsigned>(command.common.seed % (1U << 30U));
  const auto start = std::chrono::steady_clock::now();
  std::vector<prove::TheoremReport> reports;
  try {
    reports = run_proofs(theorems, options, command.common);
  } catch (const prove::Smt2FileError& error) {
    throw UsageError(fmt::format("--smt2: {}", error.what()));
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  write_json(command.common, prove_json(reports, seconds, command.common.seed));
  const Exit exit = exit_of(reports);
  print(command.common, prove::theorems_text(reports, seconds));
  print(command.common, fmt::format("exit {}\n", static_cast<int>(exit)));
  if (command.common.quiet && command.common.json != "-")
    fmt::print("{}\n", prove::proofs_summary(reports, seconds));
  return exit;
}

}  // namespace

void add_prove_command(CLI::App& app, Exit& exit) {
  CLI::App* command = app.add_subcommand(
      "prove", "Prove the theorems about the attention code, and refute their faulty twins");
  auto options = std::make_shared<ProveCommand>();
  command->add_option(
      "NAME", options->names,
      "Names of theorems, or of families such as 'saturation' (default: all; see attest list theorems)");
  command->add_option("--solver", options->solver, "Solver to use: z3, cvc5 or both")
      ->check(CLI::IsMember(std::vector<std::string>{"z3", "cvc5", "both"}).description(""))
      ->type_name("S")
      ->capture_default_str();
  command->add_option("--smt2", options->smt2, "Write each proof obligation to DIR as an SMT-LIB 2 file")
      ->type_name("DIR");
  command->add_option("--time-limit", options->time_limit_seconds, "Time limit of one query to one solver")
      ->check(CLI::Range(1.0, 86400.0))
      ->type_name("SECONDS")
      ->capture_default_str();
  add_common_options(*command, options->common);
  command->footer(
      "Exit codes: 0 all proved and all twins refuted, 1 a theorem refuted, 2 undecided, 64 usage "
      "error.\nExample: attest prove merge no-nan --smt2 obligations");
  command->callback([options, &exit] { exit = run_prove(*options); });
}

}  // namespace attest::cli
