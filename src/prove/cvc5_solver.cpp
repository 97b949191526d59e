#include <array>
#include <atomic>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "prove/solver.hpp"

namespace attest {
namespace {

// A file of this process alone, gone with the object.
class ScriptFile {
 public:
  explicit ScriptFile(const std::string& smt2) {
    static std::atomic<unsigned> count{0};
    path_ = std::filesystem::temp_directory_path() / fmt::format("attest-{}-{}.smt2", ::getpid(), count++);
    std::ofstream file(path_);
    file << smt2;
    file.close();
    if (!file) throw SolverError(fmt::format("cannot write {}", path_.string()));
  }
  ScriptFile(const ScriptFile&) = delete;
  ScriptFile& operator=(const ScriptFile&) = delete;
  ~ScriptFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

struct Output {
  std::string text;
  bool cpu_limit;
  bool killed;  // by any signal
};

Output run(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "re");
  if (pipe == nullptr) throw SolverError("cannot start a shell");
  std::string text;
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    text.append(buffer.data(), n);
  const int status = ::pclose(pipe);
  const bool killed = WIFSIGNALED(status);
  return {text, killed && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL), killed};
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

Answer ask_cvc5(const std::string& smt2, const Limits& limits) {
  const ScriptFile script(smt2);
  // --fp-exp: formats other than f32 and f64. The limit is processor time, so that a busy machine changes no
  // verdict; cvc5's own, in real time, ends one that waits.
  const auto seconds = static_cast<std::int64_t>(std::ceil(limits.seconds));
  const Output output =
      run(fmt::format("ulimit -t {}; exec cvc5 --lang=smt2 --fp-exp --seed={} --tlimit={} '{}' 2>&1", seconds,
                      limits.seed, seconds * 20 * 1000, script.path()));
  const std::string line = first_line(output.text);
  if (line == "unsat") return Answer::unsat;
  if (line == "sat") return Answer::sat;
  if (output.cpu_limit || output.text.find("interrupted by timeout") != std::string::npos)
    return Answer::timeout;
  if (line == "unknown" || output.killed) return Answer::unknown;  // a crash of the solver decides nothing
  throw SolverError(fmt::format("cvc5 rejects a script: {}", line));
}

std::string cvc5_version() {
  const std::string line =
      first_line(run("cvc5 --version 2>/dev/null").text);  // "This is cvc5 version 1.0.3"
  return line.rfind("This is cvc5", 0) == 0 ? line.substr(line.rfind(' ') + 1) : "";
}

}  // namespace attest
