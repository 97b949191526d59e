#include "kernel/python/launch.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <unistd.h>

#include "files/installed/run_time_files.hpp"
#include "problem/quote.hpp"

namespace attest::kernel {
namespace {

namespace fs = std::filesystem;

struct Files {
  fs::path script, library;
};

// In a package of Python the executable lies in bin/, below the sources; otherwise they are where they were
// installed or built.
Files worker_files() {
  std::error_code none;
  const fs::path package = fs::read_symlink("/proc/self/exe", none).parent_path().parent_path();
  const Files packaged{package / "_worker.py", package / "lib" / "libattest_python.so"};
  if (fs::exists(packaged.script, none) && fs::exists(packaged.library, none)) return packaged;
  return {files::run_time_file("share/attest/python/attest", ATTEST_PYTHON_SOURCES) / "_worker.py",
          files::run_time_file("lib/attest/libattest_python.so", ATTEST_PYTHON_LIBRARY)};
}

// What makes M_PERTURB reach small allocations: hide_origin has removed it from the environment.
void restore_tunable() {
  const char* own = std::getenv("GLIBC_TUNABLES");
  const std::string tunable = "glibc.malloc.tcache_count=0";
  ::setenv("GLIBC_TUNABLES", (own == nullptr ? tunable : std::string(own) + ":" + tunable).c_str(), 1);
}

std::string quoted_for_shell(const std::string& word) {
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// What a command prints; none where it fails.
std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  if (!pipe) return "";
  std::string text;
  std::array<char, 4096> block{};
  while (const std::size_t size = std::fread(block.data(), 1, block.size(), pipe.get()))
    text.append(block.data(), size);
  return text;
}

}  // namespace

std::string python_interpreter() {
  const char* named = std::getenv(kPythonVariable);
  return named != nullptr && *named != '\0' ? named : "python3";
}

std::string exec_python_worker(const std::string& spec) {
  const Files files = worker_files();
  std::error_code none;
  if (!fs::exists(files.library, none))
    return fmt::format("{} is missing: the build of attest is not complete", files.library.string());
  restore_tunable();
  // OpenMP's threads wait by spinning: on a busy machine a call of PyTorch took 34 ms so, and 0.6 ms without.
  ::setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
  // So do those of OpenBLAS under NumPy, for 2^26 cycles unless told otherwise: a tenth of a campaign at ci.
  ::setenv("OPENBLAS_THREAD_TIMEOUT", "4", 0);
  const std::string python = python_interpreter();
  ::execlp(python.c_str(), python.c_str(), "-u", files.script.c_str(), files.library.c_str(), spec.c_str(),
           static_cast<char*>(nullptr));
  return fmt::format("cannot start the Python interpreter {}: {}; --python names another", quote(python),
                     std::strerror(errno));
}

std::vector<std::pair<std::string, std::string>> python_kernels(const std::string& family) {
  const std::string python = python_interpreter();
  std::string text =
      output_of(fmt::format("{} {} --list {} 2>/dev/null", quoted_for_shell(python_interpreter()),
                            quoted_for_shell(worker_files().script.string()), quoted_for_shell(family)));
  std::vector<std::pair<std::string, std::string>> kernels;
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    const std::string line = text.substr(begin, end - begin);
    const std::size_t tab = line.find('\t');
    kernels.emplace_back(line.substr(0, tab), tab == std::string::npos ? "" : line.substr(tab + 1));
    begin = end + 1;
  }
  return kernels;
}

}  // namespace attest::kernel
