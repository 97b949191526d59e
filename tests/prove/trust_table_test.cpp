// docs/trust.md says what the registry says.
#include "prove/trust_table.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "theorems.hpp"

namespace attest {
namespace {

std::string document() {
  std::ostringstream text;
  text << std::ifstream(ATTEST_DOCS_DIR "/trust.md").rdbuf();
  return text.str();
}

TEST(TrustTable, InTheDocumentsIsThatOfTheRegistry) {
  const std::string table = trust_table(theorems());
  EXPECT_NE(document().find(table), std::string::npos) << "docs/trust.md should contain:\n" << table;
}

TEST(TrustTable, InTheDocumentsExplainsTheAssumptionsOfEveryKindOfNumber) {
  std::set<std::string> kinds;
  for (const Theorem& theorem : theorems()) kinds.insert(assumptions_of(theorem.semantics));
  EXPECT_EQ(kinds.count(""), 0U);
  EXPECT_EQ(kinds.size(), 5U);
  for (const std::string& assumptions : kinds)
    EXPECT_NE(document().find(assumptions), std::string::npos) << assumptions;
}

}  // namespace
}  // namespace attest
