#include "command_line.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace attest::cli {
namespace {

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

CommandRun attest_command(const std::string& arguments) {
  static int runs = 0;
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) /
      ("attest-cli-" + std::to_string(getpid()) + "-" + std::to_string(runs++));
  std::filesystem::create_directories(folder);
  const std::string command = "cd '" + folder.string() + "' && { '" ATTEST_BINARY "' " + arguments +
                              " ; } >out.txt 2>err.txt </dev/null";
  const int status = std::system(command.c_str());  // NOLINT(cert-env33-c): the shell is what users have
  CommandRun run;
  run.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  run.out = content(folder / "out.txt");
  run.err = content(folder / "err.txt");
  std::filesystem::remove_all(folder);
  return run;
}

nlohmann::json attest_json(const std::string& arguments, int expected_exit) {
  const CommandRun run = attest_command(arguments + " --json -");
  EXPECT_EQ(run.exit, expected_exit) << arguments << "\n" << run.err;
  return nlohmann::json::parse(run.out);
}

int lines_of(const std::string& text) { return static_cast<int>(std::count(text.begin(), text.end(), '\n')); }

std::string test_kernel(const std::string& name) { return TEST_KERNELS_DIR "/" + name + ".so"; }

}  // namespace attest::cli
