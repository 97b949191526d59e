// Findings that were accepted earlier, so that a run fails for new ones only.
#pragma once

#include <string>
#include <vector>

#include "check/record/kernel_report.hpp"

namespace attest::check {

/// Sixteen hexadecimal digits that stay the same from run to run while the defect does, as far as that can be
/// had: of the kernel's name and the named faults; without a name, of the kind, the law, and the dtypes and
/// features of the smallest case. Other laws that it breaks and the extents of the case change with the seed.
std::string identity_of(const std::string& kernel, const Finding& finding);

struct AcceptedFinding {
  std::string kernel, identity, summary;
};

/// From the JSON of `attest check`. Throws files::FileFormatError.
std::vector<AcceptedFinding> read_baseline(const std::string& path);
std::vector<AcceptedFinding> parse_baseline(const std::string& json);

struct BaselineComparison {
  std::vector<AcceptedFinding> accepted, fresh;  ///< of the reports
  std::vector<AcceptedFinding> vanished;         ///< of the baseline, for kernels that are in the reports
};
BaselineComparison compare_with_baseline(const std::vector<AcceptedFinding>& baseline,
                                         const std::vector<KernelReport>& reports);

/// The verdict without accepted findings. A kernel with no other conforms only if the check was strong enough
/// to say so; an alarm is not counted, as it may have heard the accepted defect.
Verdict verdict_beyond(const BaselineComparison& comparison, const KernelReport& report);

}  // namespace attest::check
