#include "check/case_file/case_file.hpp"

#include <fstream>
#include <span>

#include <fmt/format.h>

#include "files/byte_source.hpp"
#include "kernel/kernel_spec.hpp"
#include "problem/quote.hpp"

namespace attest::check {

CaseFile read_case_file(const std::filesystem::path& path) {
  const std::string shown = quote(path.string(), files::kShownPath);
  std::string text;
  try {
    const files::FileSource file(path.string(), kMostCaseText);
    text.resize(file.size());
    file.read(0, std::as_writable_bytes(std::span(text)));
  } catch (const files::FileFormatError& error) {
    throw CaseFileError(error.what());
  }
  try {
    return parse_case_file(text);
  } catch (const CaseFileError& what) {
    throw CaseFileError(fmt::format("{}: {}", shown, what.what()));
  } catch (const std::bad_alloc&) {
    throw CaseFileError(shown + ": needs more memory than there is");
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
  file.kernel = finding.form.empty() ? kernel_spec : fmt::format("{}[{}]", kernel_spec, finding.form);
  file.law = finding.law;
  file.kind = finding.kind;
  file.summary = finding.summary;
  file.variant = finding.variant;
  file.declared_contract = finding.declared_contract;
  file.contract = finding.contract;
  file.seed = finding.seed;
  file.placement = finding.placement;
  file.earlier = finding.earlier;
  file.problem = finding.problem;
  file.elements = finding.elements;
  return file;
}

}  // namespace attest::check
