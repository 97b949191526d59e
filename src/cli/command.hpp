// What all subcommands share: common options, exit codes, and registration.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace attest::cli {

/// The exit codes. With several results, the first of these wins: internal, interrupted, usage, defect,
/// undecided, ok.
enum class Exit : int { ok = 0, defect = 1, undecided = 2, usage = 64, internal = 70, interrupted = 130 };
/// The one of two exit codes that wins.
Exit worse(Exit a, Exit b);

/// A usage error; the message is one line. Exit 64.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct CommonOptions {
  std::string json;  ///< file for the JSON; "-": standard output; empty: none
  std::uint64_t seed = 1;
  unsigned jobs = 0;   ///< threads; 0: one per processor
  bool quiet = false;  ///< nothing but the verdict on standard output
};

/// Adds --json, --seed, --jobs and --quiet.
void add_common_options(CLI::App& command, CommonOptions& options);
/// The number of threads; one per processor by default.
unsigned threads_of(const CommonOptions& options);
/// Accepts a number of seconds above 0.
CLI::Validator seconds_above_zero();
/// Adds --python, the interpreter for Python functions.
void add_python_option(CLI::App& command, std::string& python);
/// Kernels opened from now on use this interpreter; empty: that of ATTEST_PYTHON, or python3.
void use_python(const std::string& python);
/// Writes to options.json if it is set. A file that cannot be written is noted (cli/output/outputs.hpp).
void write_json(const CommonOptions& options, const nlohmann::ordered_json& json);
/// Prints to standard output, except with --quiet or if the JSON goes there.
void print(const CommonOptions& options, const std::string& text);
/// Whether standard output shows colours: a terminal, unless NO_COLOR is set (no-color.org) or TERM is dumb.
bool colours_shown();

/// Each adds its subcommand. `exit` receives the result after the command has run.
void add_check_command(CLI::App& app, Exit& exit);
void add_prove_command(CLI::App& app, Exit& exit);
void add_report_command(CLI::App& app, Exit& exit);
void add_faults_command(CLI::App& app, Exit& exit);
void add_replay_command(CLI::App& app, Exit& exit);
void add_space_command(CLI::App& app, Exit& exit);
void add_capacity_command(CLI::App& app, Exit& exit);
void add_list_command(CLI::App& app, Exit& exit);
void add_explain_command(CLI::App& app, Exit& exit);
void add_tolerance_command(CLI::App& app, Exit& exit);
void add_infer_command(CLI::App& app, Exit& exit);
void add_compare_command(CLI::App& app, Exit& exit);

}  // namespace attest::cli
