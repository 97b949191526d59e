#include "kernel/command/program.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <filesystem>
#include <sstream>

#include <fmt/format.h>
#include <unistd.h>

#include "kernel/command/command.hpp"
#include "problem/quote.hpp"

namespace attest::kernel {
namespace {

bool is_plain(const std::string& word) {
  return std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '/' || c == '_' || c == '-' || c == '.' || c == '+' || c == '=';
  });
}

// The first word that is no assignment (NAME=value); empty where a word is not plain.
std::string program_of(const std::string& command) {
  std::istringstream words(command);
  std::string word;
  while (words >> word) {
    if (!is_plain(word)) return "";
    if (word.find('=') == std::string::npos) return word;
  }
  return "";
}

}  // namespace

std::string why_no_program(const std::string& command) {
  const std::string program = program_of(command);
  if (program.empty()) return "";
  if (program.find('/') != std::string::npos) {
    std::error_code error;
    if (!std::filesystem::exists(program, error)) return fmt::format("there is no file {}", quote(program));
    const bool runs = ::access(program.c_str(), X_OK) == 0 && !std::filesystem::is_directory(program, error);
    return runs ? "" : fmt::format("{} is not executable", quote(program));
  }
  // The shell knows its own commands and where it looks for others.
  const CommandEnd end = run_command("command -v -- " + program, std::chrono::milliseconds{5'000});
  return end.succeeded() || end.timed_out ? "" : fmt::format("there is no command '{}'", quote(program));
}

}  // namespace attest::kernel
