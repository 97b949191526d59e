#include "cli/command.hpp"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/output/outputs.hpp"
#include "kernel/python/launch.hpp"
#include "problem/quote.hpp"

namespace attest::cli {

Exit worse(Exit a, Exit b) {
  for (const Exit code : {Exit::internal, Exit::interrupted, Exit::usage, Exit::defect, Exit::undecided}) {
    if (a == code || b == code) return code;
  }
  return Exit::ok;
}

namespace {

// CLI11 reads "-1" and what is beyond 64 bits as the largest number.
CLI::Validator whole_number() {
  const auto why_not = [](const std::string& text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole ? std::string() : fmt::format("'{}' is not a number from 0 to 2^64 - 1", text);
  };
  return {why_not, "", "whole number"};
}

}  // namespace

CLI::Validator seconds_above_zero() {
  const auto why_not = [](const std::string& text) {
    double seconds = 0;
    const bool number = CLI::detail::lexical_cast(text, seconds);
    return number && seconds > 0 ? std::string()
                                 : fmt::format("'{}' is not a number of seconds above 0", quote(text));
  };
  return {why_not, "", "seconds"};
}

void add_common_options(CLI::App& command, CommonOptions& options) {
  command.add_option("--json", options.json, "Write the results as JSON to FILE (- for standard output)")
      ->check(writable_file())
      ->type_name("FILE");
  command.add_option("--seed", options.seed, "Random seed; the same seed gives the same cases")
      ->check(whole_number())
      ->capture_default_str();
  command
      .add_option("--jobs", options.jobs,
                  "Number of threads (0: one per processor); does not change the results")
      ->check(CLI::Range(0, 1024));
  command.add_flag("--quiet", options.quiet, "Print only the verdict");
}

unsigned threads_of(const CommonOptions& options) {
  if (options.jobs > 0) return options.jobs;
  return std::max(1U, std::thread::hardware_concurrency());
}

void add_python_option(CLI::App& command, std::string& python) {
  command
      .add_option("--python", python,
                  "Interpreter for Python functions (default: the variable ATTEST_PYTHON, or python3)")
      ->type_name("PATH");
}

void use_python(const std::string& python) {
  if (!python.empty()) ::setenv(kernel::kPythonVariable, python.c_str(), 1);
}

void write_json(const CommonOptions& options, const nlohmann::ordered_json& json) {
  if (options.json.empty()) return;
  if (options.json == "-") {
    fmt::print("{}\n", json.dump(2));
    return;
  }
  std::ofstream file(options.json);
  file << json.dump(2) << "\n";
  file.close();
  if (!file) note_lost_output(fmt::format("--json: cannot write {}: {}", options.json, std::strerror(errno)));
}

void print(const CommonOptions& options, const std::string& text) {
  if (!options.quiet && options.json != "-") fmt::print("{}", text);
}

bool colours_shown() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  return isatty(STDOUT_FILENO) != 0 && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
}

}  // namespace attest::cli
