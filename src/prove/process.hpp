// Runs solvers as separate processes.
#pragma once

#include <filesystem>
#include <string>

namespace attest::prove {

/// A temporary file that is removed with the object. Throws SolverError if it cannot be written.
class ScriptFile {
 public:
  ScriptFile(const std::string& content, const std::string& extension);
  ScriptFile(const ScriptFile&) = delete;
  ScriptFile& operator=(const ScriptFile&) = delete;
  ~ScriptFile();
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

struct ProcessOutput {
  std::string text;
  bool cpu_limit;  ///< ended by the limit of its processor time
  bool killed;     ///< by any signal
  int exit;
};

/// Runs a shell command and reads what it prints. Throws SolverError when no shell starts.
ProcessOutput run_process(const std::string& command);

std::string first_line(const std::string& text);

}  // namespace attest::prove
