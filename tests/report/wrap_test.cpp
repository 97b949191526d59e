#include "report/wrap.hpp"

#include <gtest/gtest.h>

namespace attest::report {
namespace {

TEST(Wrapped, BreaksBetweenWordsAtEightyColumns) {
  const std::string forty(39, 'a');
  EXPECT_EQ(wrapped("", forty + " " + std::string(40, 'b')), forty + " " + std::string(40, 'b') + "\n");
  EXPECT_EQ(wrapped("", forty + " " + std::string(41, 'b'), 4),
            forty + "\n    " + std::string(41, 'b') + "\n");
  EXPECT_EQ(wrapped("label:", " one two"), "label: one two\n");
  EXPECT_EQ(wrapped("label", ""), "label\n");
}

TEST(Wrapped, KeepsWiderGapsInsideALineAndDropsThemAtItsEnd) {
  EXPECT_EQ(wrapped("", "one   two  "), "one   two\n");
  EXPECT_EQ(wrapped("", std::string(75, 'x') + "   two three"), std::string(75, 'x') + "\n  two three\n");
}

TEST(Wrapped, LeavesALongWordWhole) {
  const std::string path(100, 'p');
  EXPECT_EQ(wrapped("replay", " " + path + " x"), "replay " + path + "\n  x\n");
}

TEST(Wrapped, BreaksALongContractBetweenFields) {
  const std::string field(39, 'f');
  EXPECT_EQ(wrapped("  ", field + ";" + field + ";" + field + " (declared)", 4),
            "  " + field + ";\n    " + field + ";\n    " + field + " (declared)\n");
  EXPECT_EQ(wrapped("", "a;b"), "a;b\n");
}

TEST(Wrapped, CountsCharactersNotBytes) {
  std::string forty;
  for (int i = 0; i < 40; ++i) forty += "\u00b1";
  EXPECT_EQ(wrapped("", forty + " " + std::string(39, 'b')), forty + " " + std::string(39, 'b') + "\n");
}

}  // namespace
}  // namespace attest::report
