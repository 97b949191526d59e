#include "check/case_file/case_file.hpp"

#include <fstream>
#include <sstream>

#include <fmt/format.h>

namespace attest::check {
namespace {

constexpr std::uintmax_t kMaxBytes = std::uintmax_t{1} << 28;

}  // namespace

CaseFile read_case_file(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) throw CaseFileError(fmt::format("{}: {}", path.string(), error.message()));
  if (size > kMaxBytes) {
    throw CaseFileError(
        fmt::format("{}: {} bytes; a case file has at most {}", path.string(), size, kMaxBytes));
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw CaseFileError(fmt::format("{}: cannot be read", path.string()));
  try {
    return parse_case_file(text.str());
  } catch (const CaseFileError& what) {
    throw CaseFileError(fmt::format("{}: {}", path.string(), what.what()));
  }
}

void write_case_file(const std::filesystem::path& path, const CaseFile& file) {
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out << format_case_file(file);
  out.flush();
  if (!out) {
    throw std::filesystem::filesystem_error("cannot write case file", path,
                                            std::make_error_code(std::errc::io_error));
  }
}

CaseFile case_file_of(const Finding& finding, const std::string& kernel_spec) {
  CaseFile file;
  file.kernel = kernel_spec;
  file.law = finding.law;
  file.kind = finding.kind;
  file.summary = finding.summary;
  file.variant = finding.variant;
  file.declared_contract = finding.declared_contract;
  file.contract = finding.contract;
  file.seed = finding.seed;
  file.placement = finding.placement;
  file.problem = finding.problem;
  file.elements = finding.elements;
  return file;
}

}  // namespace attest::check
