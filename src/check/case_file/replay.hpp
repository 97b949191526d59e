// Replay: the law of a case file, run again on its problem alone.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "check/case_file/case_file.hpp"
#include "kernel/kernel.hpp"

namespace attest::check {

enum class ReplayStatus : std::uint8_t {
  broken,     ///< the law is broken again (its kind may differ from the file's)
  explained,  ///< the law is broken under the assumed contract, and holds under the inferred one
  held,       ///< the law holds now
  declined,   ///< the kernel declines the problem
};

struct ReplayReport {
  ReplayStatus status = ReplayStatus::held;
  laws::FindingKind kind = laws::FindingKind::wrong_value;  ///< when broken
  std::string summary;                    ///< when broken: the sentence, with today's numbers
  kernel::CrashSite crash{};              ///< when broken by a crash
  std::vector<std::string> printed{};     ///< when broken: by the call that shows it
  std::vector<oracle::Element> elements;  ///< when broken: as in Finding; when held: the worst element judged
  /// When broken: the fields of a contract under which this case alone would be right; empty: there are none.
  std::string would_conform_under;
  bool same_numbers = false;  ///< kind and every element's got equal the file's (NaN with NaN counts as equal
                              ///< here: the question is "did the same happen again")
};

/// Throws CaseFileError when the file's law is unknown or does not apply to its problem, ContractError when
/// its contract does not parse.
/// `jobs` threads judge.
ReplayReport replay(const CaseFile& file, kernel::Kernel& kernel,
                    std::chrono::milliseconds time_limit = std::chrono::milliseconds{10'000},
                    unsigned jobs = 1);

}  // namespace attest::check
