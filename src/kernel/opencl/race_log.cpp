#include "kernel/opencl/race_log.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "problem/quote.hpp"

namespace attest::kernel::opencl {
namespace {

constexpr std::string_view kAtLine = "At line ";
constexpr std::size_t kLongestLog = 1 << 16;  // one message has some hundreds of bytes

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::string_view without_indent(std::string_view line) {
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  return line;
}

// "Read-write data race at local memory address 0x1000" as "read-write data race at local memory"
std::string title_of(std::string_view line) {
  line = line.substr(0, line.find(" address"));
  std::string title(line);
  if (title.empty()) return "an error without a title";
  title[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(title[0])));
  return quote(title, 80);
}

// "line 41 'sum += part[j];'", of "At line 41 (column 7) of input.cl:" and the line after it.
std::string place_of(std::string_view at, std::string_view source) {
  at.remove_prefix(kAtLine.size());
  return fmt::format("line {} '{}'", quote(at.substr(0, at.find(' ')), 10),
                     quote(without_indent(source), 60));
}

}  // namespace

Violation first_violation(std::string_view log) {
  while (!log.empty() && (log.front() == '\n' || log.front() == '\r')) log.remove_prefix(1);
  if (log.empty()) return {};
  Violation violation;
  violation.text = title_of(take_line(log));
  violation.kind = Trespass::outside;
  int places = 0;
  while (!log.empty() && places < 2) {
    const std::string_view line = without_indent(take_line(log));
    if (line.empty() && places > 0 && log.starts_with("\n")) break;  // the end of the message
    if (!line.starts_with(kAtLine)) continue;
    violation.text += (places == 0 ? ": " : " and ") + place_of(line, take_line(log));
    ++places;
  }
  return violation;
}

RaceLog::RaceLog() : file_(::memfd_create("attest-oclgrind", MFD_CLOEXEC)) {
  if (file_.get() < 0) throw std::system_error(errno, std::generic_category(), "memfd_create");
  ::setenv("OCLGRIND_LOG", fmt::format("/proc/self/fd/{}", file_.get()).c_str(), 1);
  ::setenv("OCLGRIND_DATA_RACES", "1", 1);
  // Of the whole process, so that the first call would use up a small number.
  ::setenv("OCLGRIND_MAX_ERRORS", "2000000000", 1);
  ::setenv("OCLGRIND_NUM_THREADS", "1", 1);  // as many as this would change which race is seen first
}

Violation RaceLog::take() {
  struct stat file {};
  if (::fstat(file_.get(), &file) != 0) throw std::system_error(errno, std::generic_category(), "fstat");
  if (file.st_size <= read_) return {};
  std::array<char, kLongestLog> text{};
  const ssize_t size = ::pread(file_.get(), text.data(), text.size(), read_);
  read_ = file.st_size;
  // Gives the memory back. The file stays as long as oclgrind left it, as it goes on writing there.
  ::fallocate(file_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, read_);
  return first_violation({text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))});
}

}  // namespace attest::kernel::opencl
