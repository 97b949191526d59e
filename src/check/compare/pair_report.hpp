// The result of comparing two kernels, from which every output is made.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/compare/differences.hpp"
#include "check/record/kernel_report.hpp"

namespace attest::check {

enum class PairVerdict : std::uint8_t {
  equal_bits,   ///< both conform, and every output had equal bits
  equivalent,   ///< both conform, so that every difference is within the sum of their bounds
  one_wrong,    ///< one is defective on cases that both take
  both_wrong,   ///< each is
  cannot_tell,  ///< too little was compared or certified, or one is suspect
};
/// "equal bits", "equivalent", "one is wrong", "both are wrong", "cannot be told".
std::string_view name_of(PairVerdict verdict);

/// What the other kernel does with the smallest case of a finding.
struct OtherAnswer {
  enum class Kind : std::uint8_t {
    right,
    wrong,
    declines,
    no_result,  ///< none that can be judged: its contract does not bound what it gives
  } kind = Kind::no_result;
  std::optional<double> got;  ///< at the finding's worst element
  std::string summary;        ///< how it breaks the law, when wrong
};
std::string_view name_of(OtherAnswer::Kind kind);

struct PairReport {
  /// Each judged by itself on the cases that both take; `declined` counts what either declines.
  std::array<KernelReport, 2> kernels;
  std::array<std::vector<OtherAnswer>, 2> others;  ///< to each finding of kernels[i], in their order
  DifferenceBook differences;
  PairVerdict verdict = PairVerdict::cannot_tell;
  std::vector<std::string> why;  ///< when it cannot be told
  double seconds = 0;            ///< wall time

  bool wrong(std::size_t kernel) const { return kernels[kernel].verdict == Verdict::defective; }
};

/// Sets the verdict from what is in the report.
void settle_verdict(PairReport& report);

}  // namespace attest::check
