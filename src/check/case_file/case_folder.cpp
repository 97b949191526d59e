// A folder of case files, of several kernels.

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "check/case_file/case_file.hpp"
#include "kernel/kernel_spec.hpp"

namespace attest::check {
namespace {

namespace fs = std::filesystem;

// "libmine.so-my_attention" of "lib/libmine.so:my_attention".
std::string stem_of(const std::string& name) {
  std::string stem = fs::path(name).filename().string();
  std::replace_if(
      stem.begin(), stem.end(),
      [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_' && c != '.';
      },
      '-');
  return stem;
}

// N of STEM-N.json.
std::optional<std::int64_t> number_of(const std::string& name, const std::string& stem) {
  const std::string begin = stem + "-";
  if (!name.starts_with(begin) || !name.ends_with(".json")) return std::nullopt;
  const char* last = name.data() + name.size() - std::string_view(".json").size();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(name.data() + begin.size(), last, number);
  return error == std::errc{} && end == last ? std::optional(number) : std::nullopt;
}

// What the two name is one kernel, whichever folder they name it from.
bool same_kernel(const std::string& a, const std::string& b, const fs::path& folder) {
  if (a == b) return true;
  std::error_code error;
  const auto absolute = [&](const std::string& spec) {
    return fs::weakly_canonical(fs::absolute(kernel::spec_from_folder(spec, folder), error), error).string();
  };
  return absolute(a) == absolute(b);
}

bool is_of(const fs::path& path, const std::string& kernel, const fs::path& folder) {
  try {
    const std::string its_own = read_case_file(path).kernel;
    return its_own.starts_with(kernel + "[") || same_kernel(its_own, kernel, folder);
  } catch (const CaseFileError&) {  // somebody else's
    return false;
  }
}

// Removes the kernel's case files. Returns the numbers that others have.
std::set<std::int64_t> clear(const fs::path& folder, const std::string& stem, const std::string& kernel) {
  std::set<std::int64_t> taken;
  std::error_code none;
  if (!fs::is_directory(folder, none)) return taken;
  std::vector<fs::path> old;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::optional<std::int64_t> number = number_of(entry.path().filename().string(), stem);
    if (!number) continue;
    if (is_of(entry.path(), kernel, folder))
      old.push_back(entry.path());
    else
      taken.insert(*number);
  }
  for (const fs::path& path : old) fs::remove(path);
  return taken;
}

}  // namespace

void write_case_files(std::vector<Finding>& findings, const std::string& name, const std::string& kernel_spec,
                      const fs::path& folder, const std::function<void(CaseFile&)>& complete) {
  const std::string stem = stem_of(name);
  const std::string kernel = kernel::spec_in_folder(kernel_spec, folder);
  const std::set<std::int64_t> taken = clear(folder, stem, kernel);
  std::int64_t number = 0;
  for (Finding& finding : findings) {
    do ++number;
    while (taken.contains(number));
    const fs::path path = folder / fmt::format("{}-{}.json", stem, number);
    CaseFile file = case_file_of(finding, kernel);
    if (complete) complete(file);
    write_case_file(path, file);
    finding.file = path.string();
    finding.runs_command = kernel::command_of_spec(kernel).has_value();
  }
}

}  // namespace attest::check
