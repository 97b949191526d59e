// The pinned, short form of attest_no_false_flag, and signs that it can flag.
#include <cstring>

#include <gtest/gtest.h>

#include "flags.hpp"
#include "forms/forms/form_list.hpp"
#include "kernel/kernel.hpp"

namespace attest::properties {
namespace {

void expect_no_flag(const std::vector<FlagCount>& counts, std::int64_t rows) {
  for (const FlagCount& count : counts) {
    EXPECT_EQ(count.flagged, 0) << count.subject << ": " << count.first;
    EXPECT_GE(count.certified + count.uncertified + count.departures, rows) << count.subject;
    EXPECT_GT(count.certified, 0) << count.subject;
  }
}

TEST(NoFalseFlag, OnFormsInAnyFloat) {
  constexpr std::int64_t kRows = 60;
  const std::vector<FlagCount> counts = count_all_form_flags(kRows, 3, 2);
  EXPECT_EQ(counts.size(), 6 * forms::form_entries().size());
  expect_no_flag(counts, kRows);
}

TEST(NoFalseFlag, OnRealKernels) {
  constexpr std::int64_t kRows = 300;
  const std::vector<FlagCount> counts = count_all_kernel_flags(kRows, 3);
  EXPECT_GE(counts.size(), 3U);  // oneDNN is a Debian package
  expect_no_flag(counts, kRows);
}

// Sums in f32 do not keep a contract of sums in f64.
TEST(NoFalseFlag, FlagsAKernelThatBreaksItsContract) {
  const FlagCount count = count_kernel_flags(
      "onednn", 5000, 3,
      "f32;accumulate_score=f64;accumulate_numerator=f64;accumulate_denominator=f64;exp_rel=1e-15");
  EXPECT_GT(count.flagged, 20) << count.certified << " certified, " << count.uncertified << " not, "
                               << count.departures << " departures, " << count.failures << " failures";
  EXPECT_NE(count.first.find("times the certified bound"), std::string::npos) << count.first;
}

// A world whose every third row is wrong, and every fifth undecided.
class Scripted : public forms::FormWorld {
 public:
  const forms::SemanticsEntry& entry() const override {
    static const forms::SemanticsEntry entry{.name = "scripted", .meaning = "none"};
    return entry;
  }
  std::string_view why_not(const forms::FormEntry&) const override { return ""; }
  forms::Ruling examine(std::string_view, const forms::FormStatement& statement) const override {
    EXPECT_EQ(statement.claims.size(), 2U);
    const int at = calls_++;
    if (at % 5 == 0) return {forms::Decision::undecided, "no reason"};
    return at % 3 == 0 ? forms::Ruling{forms::Decision::violated, "all wrong"} : forms::Ruling{};
  }

 private:
  mutable int calls_ = 0;
};

TEST(NoFalseFlag, CountsWhatAFormsJudgementsSay) {
  const FlagCount count = count_form_flags(Scripted(), forms::form_entries()[0], 30, 1);
  EXPECT_EQ(count.uncertified, 6);
  EXPECT_EQ(count.certified, 24);
  EXPECT_EQ(count.flagged, 8);
  EXPECT_NE(count.first.find("all wrong"), std::string::npos);
}

}  // namespace
}  // namespace attest::properties
