// Case files: one problem, the law it breaks, and what was expected and got, as JSON that a person can read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "check/record/finding.hpp"
#include "check/record/inferred.hpp"

namespace attest::check {

inline constexpr std::string_view kCaseSchema = "attest.case/1";

struct CaseFile {
  /// Spec that open_kernel takes; the relative path of a library leads from the case file's folder.
  std::string kernel;
  std::string law;
  laws::FindingKind kind = laws::FindingKind::wrong_value;
  std::string summary;
  std::string variant;
  std::string declared_contract;  ///< for contract_for; empty: none declared
  std::string contract;           ///< as shown to people
  /// Fields under which the case is right, of a finding that was withdrawn; empty: it was not.
  std::string inferred_fields;
  RelaxationClass inferred_class = RelaxationClass::ordinary;  ///< of these fields
  std::uint64_t seed = 0;
  kernel::Placement placement = kernel::Placement::misaligned;
  std::vector<Problem> earlier;  ///< calls that come first, in a new process; empty: the failure needs none
  Problem problem;
  std::vector<oracle::Element> elements;
};

/// What is wrong with a case file, where in it, and what would be right, in one line. Exit 64.
struct CaseFileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Parses the text of a case file. Total: any bytes give a CaseFile whose problem satisfies why_invalid, or a
/// CaseFileError; memory stays in proportion to the text, which has at most kMostCaseText bytes, and storage
/// below kMaxCaseBytes. The address space that a kernel's call takes is at most kMaxSpan.
CaseFile parse_case_file(std::string_view text);

/// The inverse of parse_case_file: the problem comes back, with every bit of its elements and every stride
/// that a kernel sees.
std::string format_case_file(const CaseFile& file);

/// Largest file: 64 MiB.
inline constexpr std::uint64_t kMostCaseText = std::uint64_t{1} << 26;
/// Most calls that come before the problem.
inline constexpr std::size_t kMostEarlier = 16;
/// Largest number of elements in one tensor of a case file: 2^26. Storage with gaps is at most 2^16 elements
/// more than 16 times that (sparser tensors are read as spread ones), and out at most 2^20 more than 256
/// times the elements given.
inline constexpr std::int64_t kMaxCaseElements = std::int64_t{1} << 26;
/// Largest storage of all tensors of a case file: 512 MiB.
inline constexpr std::int64_t kMaxCaseBytes = std::int64_t{1} << 29;

/// Throws CaseFileError (unreadable, too large, or malformed; the message names the path).
CaseFile read_case_file(const std::filesystem::path& path);
/// Creates the folders; throws std::filesystem::filesystem_error.
void write_case_file(const std::filesystem::path& path, const CaseFile& file);

CaseFile case_file_of(const Finding& finding, const std::string& kernel_spec);

/// Writes a case file for each finding, STEM-1.json, STEM-2.json ... in the folder, and sets its path. Case
/// files of the same kernel that are there already are removed; of numbers that files of other kernels have,
/// none is used. `name` is the kernel's name, which gives the stem; `complete` may add to each file. Throws
/// std::filesystem::filesystem_error.
void write_case_files(std::vector<Finding>& findings, const std::string& name, const std::string& kernel_spec,
                      const std::filesystem::path& folder,
                      const std::function<void(CaseFile&)>& complete = nullptr);

}  // namespace attest::check
