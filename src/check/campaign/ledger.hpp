// Counts the results of a campaign, for the numbers of its report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "check/checker/checker.hpp"
#include "check/record/kernel_report.hpp"
#include "oracle/noise/alarm.hpp"

namespace attest::check {

class Ledger {
 public:
  Ledger();

  void declined(std::size_t family, std::int64_t cases = 1);
  void answered(std::size_t family, std::int64_t cases = 1);
  /// Adds the base problem of a case; `where` describes it in words.
  void checked(std::size_t family, const CheckedProblem& checked, const std::string& where);
  /// Adds a problem prepared for one law. It does not count for its family's share of certified outputs.
  void prepared(const CheckedProblem& checked);

  void replace_noise(oracle::Alarm noise) { alarm_ = std::move(noise); }
  bool is_suspicious() const { return !alarm_.suspicions().empty(); }

  std::int64_t cases() const { return cases_; }
  std::int64_t declines() const { return declines_; }

  /// Adds prepared problems that the kernel is known to decline. Calls of laws are counted with the laws.
  void left_out(std::int64_t problems) { left_out_ += problems; }

  /// Fills the counts, laws, families and mistrust of a report; `needed` answered cases make a check count.
  void fill(KernelReport& report, std::int64_t needed) const;

 private:
  void count_law(const CheckedLaw& checked);
  AlarmReport alarm_report() const;

  std::int64_t cases_ = 0, declines_ = 0, left_out_ = 0;
  oracle::Tally out_, lse_;
  std::map<std::string, oracle::RowLengths> lengths_;  // by contract
  std::map<DType, oracle::RatiosByLength> by_length_;
  oracle::Alarm alarm_;
  oracle::RowsByTier rows_by_tier_{};
  bool all_zero_ = true;
  std::vector<LawReport> laws_;
  std::vector<FamilyReport> families_;
};

}  // namespace attest::check
