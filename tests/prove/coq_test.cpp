// What is read of Coq's answer: every listed theorem, each by its own line.
#include "prove/coq.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace attest::prove {
namespace {

constexpr const char* kListed =
    "# a comment\n"
    "sums.all | recurrence.hpp: merge | Sums add, |x| <= y too.\n"
    "sums.all_twice | program.v | The same twice.\n"
    "space.words | space.v | Words are constant.\n";

TEST(Coq, ProvesWhatItsAnswerSaysIsProved) {
  const CoqReport report = read_coq_answer(
      "proved      sums.all                                    Sums add.\n"
      "not proved: rests on classic  sums.all_twice            The same twice.\n"
      "coq: 1 of 3 theorems proved by Coq 8.16.1; 12 s\n",
      kListed);
  EXPECT_EQ(report.not_asked, "");
  EXPECT_EQ(report.summary, "1 of 3 theorems proved by Coq 8.16.1; 12 s");
  ASSERT_EQ(report.theorems.size(), 3U);
  EXPECT_EQ(report.theorems[0].name, "sums.all");
  EXPECT_EQ(report.theorems[0].code, "recurrence.hpp: merge");
  EXPECT_EQ(report.theorems[0].sentence, "Sums add, |x| <= y too.");
  EXPECT_TRUE(report.theorems[0].proved);
  EXPECT_FALSE(report.theorems[1].proved);
  EXPECT_EQ(report.theorems[1].verdict, "not proved: rests on classic");
  EXPECT_FALSE(report.theorems[2].proved);
  EXPECT_EQ(report.theorems[2].verdict, "not proved");
}

TEST(Coq, RefusesAListWithALineOfAnotherForm) {
  EXPECT_THROW(read_coq_answer("coq: 1 of 1 theorems proved\n", "sums.all | Sums add.\n"),
               std::invalid_argument);
}

TEST(Coq, ThatIsMissingIsNotAsked) {
  const CoqReport report =
      read_coq_answer("coq: not available, nothing is proved (./attest setup --coq)\n", kListed);
  EXPECT_EQ(report.not_asked, "not available, nothing is proved (./attest setup --coq)");
  EXPECT_TRUE(report.theorems.empty());
}

}  // namespace
}  // namespace attest::prove
