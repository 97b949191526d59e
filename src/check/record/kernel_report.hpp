// The result of a campaign on one kernel, from which every output (terminal, JSON, Markdown) is made.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "check/record/coverage_report.hpp"
#include "check/record/finding.hpp"
#include "check/record/inferred.hpp"
#include "check/record/region_report.hpp"
#include "kernel/kernel.hpp"
#include "oracle/judge/judge.hpp"
#include "oracle/sample/row_sample.hpp"

namespace attest::check {

enum class Verdict : std::uint8_t {
  conforming,  ///< every output within its certified bound, every law held, and the check was strong enough
  defective,   ///< a law or a bound is violated: see the findings
  suspect,     ///< only a statistical alarm, or arithmetic narrower than the types suggest, not declared
  mistrusted,  ///< nothing wrong was found, but the check was too weak to count: see `mistrust`
};
std::string_view name_of(Verdict verdict);

enum class LawStatus : std::uint8_t { held, broken, not_applicable };
/// "held", "broken", "not-applicable".
std::string_view name_of(LawStatus status);

struct LawReport {
  std::string name;
  LawStatus status = LawStatus::not_applicable;
  std::string why;          ///< when not applicable: why; when broken: the summary of its first finding
  std::int64_t cases = 0;   ///< cases on which it was checked
  std::int64_t broken = 0;  ///< of these, how many broke it
  /// Cases that asked for further calls, all of which the kernel declined; ...
  std::int64_t unsupported = 0;
  /// ... or was known to decline, so that they were not put to it.
  std::int64_t not_examined = 0;
  std::optional<bool> bitwise;  ///< whether the two runs always agreed bit for bit; none: it compares no runs
  /// observations that are not defects, with the number of calls
  std::map<std::string, std::int64_t> notes{};
};

struct FamilyReport {
  std::string name;
  std::string reason;    ///< which bugs this family of inputs can reveal
  bool generic = false;  ///< fit for statistics over typical inputs
  std::int64_t cases = 0, declined = 0;
  std::int64_t outputs = 0;      ///< elements of out judged
  std::int64_t informative = 0;  ///< of these, with an informative bound
  /// In [0, 1]; 0 when nothing was judged.
  double informative_fraction() const {
    return outputs == 0 ? 0 : static_cast<double>(informative) / static_cast<double>(outputs);
  }
};

/// One of the contracts that outputs were judged against, and how far it can be checked.
struct ContractReport {
  std::string text;
  bool declared = true;               ///< false: the loosest presets that fit, as nothing declared does
  std::vector<std::string> dtypes{};  ///< that it judged: "f32", "f32 with k and v in bf16"
  /// Keys of equal weight beyond which the contract's own accumulators stop growing; none: no such limit.
  std::optional<std::int64_t> saturates_at{};
  oracle::RowLengths
      lengths{};  ///< of the campaign's rows: the longest informative one, the shortest that is not
};

/// Rows of one length and dtype.
struct LengthReport {
  std::string dtype;       ///< of q and out
  std::int64_t keys = 0;   ///< the rows have at most so many, and more than half as many
  std::int64_t rows = 0;   ///< judged
  double bound_ratio = 0;  ///< the largest of their outs and lses
};

/// The result of the statistical alarm. At most it makes a kernel suspect.
struct AlarmReport {
  std::int64_t problems = 0, outputs = 0;  ///< generic problems, and elements of them that were measured
  std::string why_not;                     ///< why nothing was measured, where nothing was
  double largest_sigmas = 0;               ///< of one output, in units of the noise model
  double output_threshold = 0;
  std::vector<std::pair<std::string, double>> biases;  ///< pooled errors by name, in sigmas with their sign
  double bias_threshold = 0;
  std::vector<std::string> suspicions;  ///< a sentence each; empty in health
};

/// The most memory that a call used in addition to the tensors; absent where it was not measured. Figures of
/// one run: another may differ by some pages.
struct MemoryReport {
  std::optional<std::uint64_t> stack_bytes;  ///< of the base calls of all cases
  std::optional<std::uint64_t> heap_bytes;   ///< of the case with the most rows * keys, called again
  std::string stack_case, heap_case;         ///< the cases in words
};

struct KernelReport {
  kernel::KernelInfo info;
  std::string contract;            ///< as shown to people
  bool contract_declared = false;  ///< by the kernel or the user; false: the loosest presets that fit
  std::string declared_contract;   ///< by the kernel or the user, whether or not it fits; empty: none
  std::optional<InferredContract>
      inferred;  ///< where the assumed contract was broken and another explains it
  /// The least of the contracts'; none: no such limit.
  std::optional<std::int64_t> saturates_at;
  std::vector<ContractReport> contracts;  ///< one for each combination of dtypes that has its own
  AlarmReport alarm;
  MemoryReport memory;
  Verdict verdict = Verdict::mistrusted;
  std::vector<std::string> mistrust;  ///< why the check is too weak; may be non-empty even with findings
  std::uint64_t seed = 0;

  std::int64_t cases = 0;     ///< problems that the kernel answered (or died on)
  std::int64_t declined = 0;  ///< problems that it declined
  std::int64_t left_out = 0;  ///< problems and calls of laws that it is known to decline, and was not asked
  std::int64_t shrink_steps_left_out = 0;    ///< steps of shrinking cases that it is known to decline
  std::int64_t planned = 0;                  ///< problems that this effort asks for, declined ones included
  bool stopped_early = false;                ///< the campaign ended after cases + declined < planned, and ...
  std::string why_stopped;                   ///< ... what ended it; empty otherwise
  double seconds = 0;                        ///< wall time
  std::optional<std::int64_t> first_broken;  ///< the answered case, counted from 1, that first broke a law
  /// Another kernel whose campaign this report is: every call gave the same bits. Empty: its own.
  std::string same_bits_as;
  RegionReport region;  ///< what it takes, what it declines, what was not examined

  std::int64_t outputs = 0;             ///< elements of out judged
  std::int64_t informative = 0;         ///< of these, with a certificate that says something
  double max_bound_ratio = 0;           ///< over out and lse
  double median_bound_ratio = 0;        ///< over informative elements of out
  oracle::RatioHistogram ratios;        ///< over informative elements of out and lse
  std::vector<LengthReport> by_length;  ///< by dtype, then length
  oracle::RowsByTier rows_by_tier{};    ///< how many rows each reference tier decided

  CoverageReport coverage;  ///< cases of each accepted feature on each class of shapes; empty for a capture
  std::optional<oracle::RowCoverage> rows;  ///< of a capture: how many of its query rows were judged

  std::vector<LawReport> laws;         ///< in the order of kernel_laws()
  std::vector<FamilyReport> families;  ///< in the order of families()
  std::vector<Finding> findings;       ///< a handful, one a cause, in the order found

  const LawReport* law(std::string_view name) const;
};

/// Appends to report.by_length.
void add_lengths(KernelReport& report, DType dtype, const oracle::RatiosByLength& ratios);

}  // namespace attest::check
