#include "prove/process.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <fstream>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "prove/solver.hpp"

namespace attest::prove {

ScriptFile::ScriptFile(const std::string& content, const std::string& extension) {
  static std::atomic<unsigned> count{0};
  path_ =
      std::filesystem::temp_directory_path() / fmt::format("attest-{}-{}.{}", ::getpid(), count++, extension);
  std::ofstream file(path_);
  file << content;
  file.close();
  if (!file) throw SolverError(fmt::format("cannot write {}", path_.string()));
}

ScriptFile::~ScriptFile() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

ProcessOutput run_process(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "re");
  if (pipe == nullptr) throw SolverError("cannot start a shell");
  std::string text;
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    text.append(buffer.data(), n);
  const int status = ::pclose(pipe);
  const bool killed = WIFSIGNALED(status);
  return {text, killed && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL), killed,
          WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace attest::prove
