// Malformed files of every kind: one line below 200 characters, exit 64, in little time and memory.
#include <algorithm>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "malformed.hpp"

namespace attest::cli {

void put(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

void put_sparse(const std::filesystem::path& path, const std::string& begin, std::uintmax_t bytes) {
  put(path, begin);
  std::filesystem::resize_file(path, bytes);
}

std::string npy_file(const std::string& header, const std::string& data) {
  std::string file("\x93NUMPY\x01\0", 8);
  file.push_back(static_cast<char>(header.size() & 0xff));
  file.push_back(static_cast<char>(header.size() >> 8 & 0xff));
  return file + header + data;
}

std::string npy_zeros(const std::string& descr, const std::string& shape, std::size_t bytes) {
  return npy_file("{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + "}\n",
                  std::string(bytes, '\0'));
}

namespace {

struct Measured {
  int exit = -1;
  std::string out, err;
  double cpu_seconds = 0;  ///< of the process and its children
  long peak_kib = 0;
};

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

Measured run(const std::filesystem::path& folder, std::vector<std::string> words) {
  const std::string out = folder / "out.txt";
  const std::string err = folder / "err.txt";
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t pid = -1;
  EXPECT_EQ(posix_spawn(&pid, ATTEST_BINARY, &actions, nullptr, arguments.data(), environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  rusage used{};
  EXPECT_EQ(wait4(pid, &status, 0, &used), pid);
  return {.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          .out = content(out),
          .err = content(err),
          .cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime),
          .peak_kib = used.ru_maxrss};
}

class Folder {
 public:
  Folder()
      : path_(std::filesystem::path(testing::TempDir()) / ("attest-malformed-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void expect_refused(const std::vector<Malformed>& kinds) {
  constexpr long kMostKib = 1'000'000;  // counts this process, too, as it was when it started the command
  for (const Malformed& kind : kinds) {
    SCOPED_TRACE(kind.kind);
    const Folder folder;
    const std::filesystem::path file = folder.path() / kind.name;
    kind.write(file);
    const Measured run_of = run(folder.path(), {"attest", kind.replay ? "replay" : "check", file.string()});
    EXPECT_EQ(run_of.exit, 64) << run_of.err;
    EXPECT_EQ(run_of.out, "");
    EXPECT_EQ(std::count(run_of.err.begin(), run_of.err.end(), '\n'), 1) << run_of.err;
    EXPECT_LT(run_of.err.size(), 200U) << run_of.err;
    EXPECT_EQ(run_of.err.rfind("attest: ", 0), 0U) << run_of.err;
    EXPECT_NE(run_of.err.find(kind.says), std::string::npos) << run_of.err;
    EXPECT_LT(run_of.cpu_seconds, 1.0);
    EXPECT_LT(run_of.peak_kib, kMostKib);
  }
}

TEST(Malformed, Safetensors) { expect_refused(malformed_safetensors()); }
TEST(Malformed, Captures) { expect_refused(malformed_captures()); }
TEST(Malformed, NumPy) { expect_refused(malformed_numpy()); }
TEST(Malformed, CaseFiles) { expect_refused(malformed_cases()); }

TEST(Malformed, KindsAreMany) {
  const std::size_t kinds = malformed_safetensors().size() + malformed_captures().size() +
                            malformed_numpy().size() + malformed_cases().size();
  EXPECT_GE(kinds, 100U);
}

}  // namespace
}  // namespace attest::cli
