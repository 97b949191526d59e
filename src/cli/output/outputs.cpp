#include "cli/output/outputs.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "problem/quote.hpp"

namespace attest::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShownPath = 80;

bool& lost() {
  static bool any = false;
  return any;
}

std::string because(const std::string& what, const std::string& path, int error) {
  return fmt::format("cannot {} {}: {}", what, quote(path, kShownPath), std::strerror(error));
}

// Why a byte does not reach the file; 0: it does. A full disk may say so only when the file is closed.
int write_byte(int fd) {
  const bool written = ::write(fd, "\n", 1) == 1;
  const int error = written ? 0 : errno;
  const bool closed = ::close(fd) == 0;
  return error != 0 ? error : closed ? 0 : errno;
}

// In a file that is made for this and removed again.
int error_of_new_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) return errno;
  const int error = write_byte(fd);
  ::unlink(path.c_str());
  return error;
}

int error_of_existing_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return errno == ENXIO ? 0 : errno;  // a pipe that nobody reads yet
  struct stat found {};
  // A byte more would be seen in a pipe or on a terminal; /dev/full refuses it.
  if (::fstat(fd, &found) == 0 && S_ISCHR(found.st_mode) && ::isatty(fd) == 0) return write_byte(fd);
  ::close(fd);
  return 0;
}

}  // namespace

std::string why_not_writable(const std::string& path) {
  if (path == "-") return "";
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return because("write", path, EISDIR);
  const int error = fs::exists(path, ignored) ? error_of_existing_file(path) : error_of_new_file(path);
  return error == 0 ? "" : because("write", path, error);
}

std::string why_no_folder(const std::string& folder) {
  std::vector<fs::path> made;
  std::error_code error, ignored;
  fs::path so_far;
  for (const fs::path& part : fs::path(folder)) {
    so_far /= part;
    if (fs::is_directory(so_far, ignored)) continue;
    if (fs::exists(so_far, ignored)) error = std::make_error_code(std::errc::not_a_directory);
    if (error || !fs::create_directory(so_far, error)) break;
    made.push_back(so_far);
  }
  std::string why;
  if (error) {
    why = because("create", folder, error.value());
  } else if (const int code = error_of_new_file((fs::path(folder) / ".attest-probe").string());
             code != 0 && code != EEXIST) {
    why = because("write into", folder, code);
  }
  for (auto path = made.rbegin(); path != made.rend(); ++path) fs::remove(*path, ignored);
  return why;
}

CLI::Validator writable_file() {
  const auto why_not = [](const std::string& path) { return why_not_writable(path); };
  return {why_not, "", "writable file"};
}

void tell(const std::string& message) {
  constexpr std::size_t kMost = 190;
  std::string line = message;
  std::replace(line.begin(), line.end(), '\n', ' ');
  line = "attest: " + quote(line, kMost) + "\n";
  std::fputs(line.c_str(), stderr);  // unlike fmt::print it throws nothing
}

void note_lost_output(const std::string& what) {
  tell(what);
  lost() = true;
}

bool lost_output() { return lost(); }

}  // namespace attest::cli
