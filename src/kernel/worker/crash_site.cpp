#include "kernel/worker/crash_site.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "kernel/library/elf_functions.hpp"
#include "kernel/process/file_descriptor.hpp"
#include "problem/quote.hpp"

namespace attest::kernel {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostMappings = 100'000;
constexpr std::size_t kLongestName = 80;

struct Mapping {
  std::uint64_t begin = 0, end = 0;
  std::uint64_t file_offset = 0;
  std::string path;
};

// "7f0000000000-7f0000001000 r-xp 00001000 fe:01 1234   /usr/lib/libmine.so"
std::vector<Mapping> mappings_of(pid_t process) {
  std::vector<Mapping> mappings;
  std::ifstream file(fmt::format("/proc/{}/maps", process));
  for (std::string line; mappings.size() < kMostMappings && std::getline(file, line);) {
    std::istringstream words(line);
    Mapping m;
    char dash = 0;
    std::string rights, device, node;
    words >> std::hex >> m.begin >> dash >> m.end >> rights >> m.file_offset >> device >> node >> std::ws;
    std::getline(words, m.path);
    if (rights.size() > 2 && rights[2] == 'x') mappings.push_back(std::move(m));
  }
  return mappings;
}

FileDescriptor open_regular(const std::string& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (file.get() >= 0 && (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))) file.reset();
  return file;
}

bool is_runtime(const std::string& path) {
  constexpr std::array<std::string_view, 8> kRuntime{"libc.",         "libm.",     "libpthread.", "libdl.",
                                                     "libstdc++.so.", "libgcc_s.", "ld-linux",    "[vdso]"};
  const std::string name = fs::path(path).filename().string();
  return std::any_of(kRuntime.begin(), kRuntime.end(),
                     [&](std::string_view begin) { return name.starts_with(begin); });
}

struct NamedCall {
  std::string text;
  std::string path{};  ///< of the file that holds it; empty: none does
  std::string function{};
};

// Where a call returns to may belong to the next function already.
NamedCall name_call(const std::vector<Mapping>& mappings, std::uint64_t at, bool returns) {
  const std::uint64_t instruction = returns && at > 0 ? at - 1 : at;
  const auto mapping = std::find_if(mappings.begin(), mappings.end(), [&](const Mapping& m) {
    return instruction >= m.begin && instruction < m.end;
  });
  if (mapping == mappings.end()) return {fmt::format("no code at {:#x}", at)};
  if (!mapping->path.starts_with('/')) return {"code of no file", mapping->path};
  const std::uint64_t in_file = instruction - mapping->begin + mapping->file_offset;
  const std::string place = fmt::format("{}+{:#x}", quote(fs::path(mapping->path).filename().string()),
                                        in_file + (at - instruction));
  const FileDescriptor file = open_regular(mapping->path);
  const auto function = file.get() < 0 ? std::nullopt : function_at(file.get(), in_file);
  if (!function) return {place, mapping->path};
  const std::string name = quote(readable_name(function->name), kLongestName);
  return {fmt::format("{}+{:#x} ({})", name, function->offset + (at - instruction), place), mapping->path,
          name};
}

std::string program_of(pid_t process) {
  std::error_code ignored;
  return fs::read_symlink(fmt::format("/proc/{}/exe", process), ignored).string();
}

}  // namespace

CrashSite name_calls(pid_t process, const Fault& fault, const CallStack& stack) {
  CrashSite site;
  if (fault.has_address != 0) site.address = fault.address;
  const std::vector<Mapping> mappings = mappings_of(process);
  if (mappings.empty()) return site;
  const std::string program = program_of(process);
  const std::uint64_t count = std::min<std::uint64_t>(stack.count, stack.at.size());
  for (std::size_t i = 0; i < std::max<std::uint64_t>(count, 1); ++i) {
    const std::uint64_t at = count == 0 ? fault.at : stack.at.at(i);
    if (i > 0 && at == 0) break;  // the end of a thread's stack; a kernel may call 0 itself
    NamedCall call = name_call(mappings, at, i > 0);
    if (i > 0 && call.path == program) break;
    if (site.function.empty() && !is_runtime(call.path)) site.function = call.function;
    site.calls.push_back(std::move(call.text));
  }
  return site;
}

}  // namespace attest::kernel
