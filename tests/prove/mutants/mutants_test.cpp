// The 31 mutations of an audit (audit.py), each of one line of src/attention: every one is refuted by a
// theorem, run on numbers, that the right program keeps.
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "mutants/examine.hpp"
#include "theorems.hpp"

namespace attest::prove {
namespace {

constexpr std::size_t kPoints = 8;

std::vector<Examination> all_examinations() {
  return examinations(
      {proofs::step_is_merge(), proofs::merge_commutes(), proofs::merge_identity(), proofs::lse_merge(),
       proofs::guarded_is_recurrence(), proofs::lazy_adds_sums(), proofs::one_pass_rows(),
       proofs::cell_retention(), proofs::cell_selective_scan(), proofs::cell_equations(),
       proofs::channels_alike(), proofs::tile_is_loop(), proofs::long_loops()},
      kPoints, 1);
}

TEST(Mutants, OfTheAuditAreAllRefuted) {
  const std::vector<Examination> all = all_examinations();
  ASSERT_EQ(examine(0, all).fate, Fate::survived) << "the right program: " << examine(0, all).goal;
  std::ifstream file(ATTEST_MUTANTS_TSV);
  int count = 0;
  for (std::string line; std::getline(file, line); ++count) {
    std::istringstream row(line);
    int number = 0;
    std::string name;
    row >> number >> name;
    const Finding finding = examine(number, all);
    EXPECT_EQ(finding.fate, Fate::refuted) << name << ": " << name_of(finding.fate) << "; " << line;
    EXPECT_NE(finding.goal, "") << name;
  }
  EXPECT_EQ(count, 31);
}

}  // namespace
}  // namespace attest::prove
