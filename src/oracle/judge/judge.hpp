// Judges a kernel's outputs element by element against the certified bound.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "oracle/contract/contract.hpp"
#include "oracle/sample/row_sample.hpp"
#include "oracle/tier.hpp"
#include "problem/place.hpp"
#include "problem/problem.hpp"

namespace attest::oracle {

enum class Standing : std::uint8_t {
  within,         ///< no further from the exact result than a correct kernel can be
  violated,       ///< further: the kernel does not keep its contract, or is wrong. A proof, not a suspicion
  out_of_range,   ///< a correct kernel may overflow here, or the inputs are not finite: no statement
  uninformative,  ///< within, but so is nearly anything, or the theorem's conditions fail: no certificate
};

/// Distribution of bound ratios in bins of an eighth of an octave; deterministic whatever the order of
/// adding.
class RatioHistogram {
 public:
  void add(double ratio);
  void merge(const RatioHistogram& other);
  std::int64_t count() const { return count_; }
  double max() const { return max_; }
  /// Upper edge of the bin that holds the median; 0 when empty.
  double median() const;

  struct Octave {
    double upper = 0;  ///< its ratios are at most this, and more than half of it
    std::int64_t count = 0;
  };
  /// The counts by octaves, smallest ratios first, without the empty ones at both ends. The octave below
  /// 2^-39 also counts smaller ratios and 0, the one below 2^10 larger ones, infinity and NaN.
  std::vector<Octave> octaves() const;

  static constexpr int kBins = 400;
  using Bins = std::array<std::int64_t, kBins>;
  const Bins& bins() const { return bins_; }
  /// The inverse of bins() and max(), for records of it.
  static RatioHistogram of(const Bins& bins, double max);

 private:
  Bins bins_{};
  std::int64_t count_ = 0;
  double max_ = 0;
};

/// The largest ratio by length of row: the number of keys that causality, windows and lengths leave to it.
class RatiosByLength {
 public:
  struct Entry {
    std::int64_t rows = 0;
    double largest = 0;
  };
  static constexpr std::size_t kEntries = 40;

  using Entries = std::array<Entry, kEntries>;

  void add(std::int64_t keys, double ratio);
  void merge(const RatiosByLength& other);
  /// Entry k: rows of at most 2^k keys and more than 2^(k-1); the last entry also has longer rows.
  const Entries& entries() const { return entries_; }
  /// The inverse of entries(), for records of it.
  static RatiosByLength of(const Entries& entries) {
    RatiosByLength ratios;
    ratios.entries_ = entries;
    return ratios;
  }

 private:
  Entries entries_{};
};

struct Tally {
  std::int64_t within = 0, violated = 0, out_of_range = 0, uninformative = 0;
  RatioHistogram ratios;  ///< of informative and violated elements

  std::int64_t total() const { return within + violated + out_of_range + uninformative; }
  void merge(const Tally& other);
};

/// One judged element.
struct Element : Place {
  Standing standing = Standing::within;
  double got = 0;
  double expected = 0;  ///< the exact result, rounded to double
  double bound = 0;     ///< how far a correct kernel may be in the direction of got, radius included
  double ratio = 0;     ///< |got - exact| / bound; infinity for NaN or a wrong infinity
};

struct JudgeOptions {
  std::size_t max_violations = 8;     ///< limits what is kept, not what is counted
  unsigned jobs = 1;                  ///< threads that share the rows; the judgement does not depend on them
  std::optional<RowSample> sample{};  ///< none: every row is judged
  /// With a sample: every output is scanned, and of the rows that cannot be right at a glance up to so many
  /// are judged as well (output_scan.hpp). 0: no scan.
  std::int64_t suspicious_rows = 0;
};

/// Suspicious rows that are worth judging: one would do to show that a kernel is wrong.
constexpr std::int64_t kSuspiciousRows = 64;

/// The options with a sample of 16 to 256 rows and a scan where judging every row takes more than 2^28
/// multiply-adds: some 40 ms, 2^20 to 2^22 pairs of a row and a key. The sample is a function of the
/// problem's shape.
JudgeOptions affordable(const Problem& problem, JudgeOptions options);

/// Visible keys of judged rows.
struct RowLengths {
  std::int64_t longest_informative = 0;                ///< of rows whose every output is informative
  std::optional<std::int64_t> shortest_uninformative;  ///< of rows with an output in range that is not
  void merge(const RowLengths& other);
};

struct Judgement {
  Tally out, lse;                   ///< of the judged rows, one for each Output
  std::vector<Element> violations;  ///< the first `max_violations`, in row-major order, lse after its row
  Element worst;                    ///< largest ratio over all outputs
  RowLengths lengths;
  RatiosByLength by_length;   ///< over all outputs
  RowCoverage coverage;       ///< how many rows were judged of how many
  RowsByTier rows_by_tier{};  ///< indexed by Tier

  const Tally& tally(Output output) const { return output == Output::out ? out : lse; }
  Tally& tally(Output output) { return output == Output::out ? out : lse; }
  bool violated() const { return out.violated + lse.violated > 0; }
};

/// result.lse is judged where present. Precondition: why_invalid(problem) is empty and the result has the
/// problem's shapes. Large problems go through the blocked tier, whose bound is looser: every element that it
/// does not find within the sharp bound as well is judged by that, so standings are the same as without it;
/// ratios of the others may be smaller.
///
/// Of a sample, rows that see more than 2^13 keys are left to the blocked tier where its looser bound proves
/// a violation already: standings are the same, a violation's bound and ratio are the looser ones. Memory is
/// then O(block) a thread, whatever the number of keys, but for rows on which that tier cannot decide.
Judgement judge(const Problem& problem, const Result& result, const ContractSet& contract,
                const JudgeOptions& options = {});

/// The same, row by row: the second opinion on the blocked tier. options.jobs has no effect.
Judgement judge_by_rows(const Problem& problem, const Result& result, const ContractSet& contract,
                        const JudgeOptions& options = {});

}  // namespace attest::oracle
