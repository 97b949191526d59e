// docs/trust.md says what proofs/coq/theorems.txt says, which says what prove.sh checks.
#include "prove/coq_table.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include <gtest/gtest.h>

namespace attest::prove {
namespace {

std::string text_of(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

TEST(CoqTable, InTheDocumentIsThatOfTheList) {
  const std::string document = text_of(ATTEST_DOCS_DIR "/trust.md");
  const std::string theorems = text_of(ATTEST_DOCS_DIR "/../proofs/coq/theorems.txt");
  EXPECT_NE(document.find("| score_tree.tree_bound |"), std::string::npos);
  EXPECT_TRUE(with_coq_table(document, theorems) == document)
      << "docs/trust.md is out of date; ./attest docs writes:\n"
      << coq_table(theorems);
}

TEST(CoqTable, HasARowForEachLine) {
  EXPECT_EQ(coq_table("# a comment\n\na.b | code of a | |x| <= 1.\n"),
            "| theorem | statement | of what |\n|---|---|---|\n| a.b | \\|x\\| <= 1. | code of a |\n");
}

TEST(CoqTable, RefusesWhatIsNoLineAndADocumentWithoutMarks) {
  EXPECT_THROW(coq_table("a.b | code\n"), std::invalid_argument);
  EXPECT_THROW(with_coq_table("no marks", "a.b | code | statement\n"), std::invalid_argument);
}

}  // namespace
}  // namespace attest::prove
