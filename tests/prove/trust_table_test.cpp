// docs/trust.md says what the registry says.
#include "prove/trust_table.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "theorems.hpp"

namespace attest::prove {
namespace {

std::string document() {
  std::ostringstream text;
  text << std::ifstream(ATTEST_DOCS_DIR "/trust.md").rdbuf();
  return text.str();
}

TEST(TrustTable, InTheDocumentsIsThatOfTheTheorems) {
  EXPECT_TRUE(with_trust_table(document(), proofs::theorems()) == document())
      << "docs/trust.md is out of date; ./attest docs writes:\n"
      << trust_table(proofs::theorems());
}

TEST(TrustTable, IsReplacedInADocumentThatMarksItAndInNoOther) {
  const std::vector<Theorem> some(proofs::theorems().begin(), proofs::theorems().begin() + 2);
  const std::string updated = with_trust_table(document(), some);
  EXPECT_NE(updated.find(trust_table(some)), std::string::npos);
  EXPECT_EQ(updated.find(proofs::theorems()[2].name + " |"), std::string::npos);
  EXPECT_TRUE(with_trust_table(updated, proofs::theorems()) == document());
  EXPECT_THROW(with_trust_table("# Theorems\n", some), std::invalid_argument);
}

TEST(TrustTable, InTheDocumentsExplainsTheAssumptionsOfEveryKindOfNumber) {
  std::set<std::string> kinds;
  for (const Theorem& theorem : proofs::theorems()) kinds.insert(assumptions_of(theorem.numbers));
  EXPECT_EQ(kinds.count(""), 0U);
  EXPECT_EQ(kinds.size(), 6U);
  for (const std::string& assumptions : kinds)
    EXPECT_NE(document().find(assumptions), std::string::npos) << assumptions;
}

// Without the breaks of its lines.
std::string one_line(const std::string& text) { return std::regex_replace(text, std::regex("\\s+"), " "); }

TEST(TrustTable, InTheDocumentsSaysWhatTheReportSaysIsTestedOrAssumed) {
  const std::string text = one_line(document());
  EXPECT_FALSE(tested_only().empty() || assumed().empty());
  for (const std::string& sentence : tested_only())
    EXPECT_NE(text.find(sentence), std::string::npos) << sentence;
  for (const std::string& sentence : assumed()) EXPECT_NE(text.find(sentence), std::string::npos) << sentence;
}

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// A template that is called, or a type.
bool mentions(const std::string& text, const std::string& name) {
  const bool type = std::isupper(static_cast<unsigned char>(name.front())) != 0;
  return std::regex_search(text, std::regex("\\b" + name + (type ? "\\b" : "\\(")));
}

// Without its strings, which hold the theorem's own list of code.
std::string code_of(const std::string& source) {
  return std::regex_replace(source, std::regex("\"(?:[^\"\\\\\n]|\\\\.)*\""), "\"\"");
}

// The file of proofs/ that makes the theorem, with what it includes of proofs/support.
std::string source_of(const Theorem& theorem, bool with_support) {
  const std::filesystem::path proofs = ATTEST_DOCS_DIR "/../proofs";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(proofs)) {
    const std::string text = entry.path().extension() == ".cpp" ? text_of(entry.path()) : "";
    std::string factory = theorem.name + "()";
    std::replace(factory.begin(), factory.end(), '-', '_');
    if (text.find("Theorem " + factory) == std::string::npos) continue;
    std::string all = text;
    if (!with_support) return all;
    const std::regex include("#include \"(support/[a-z_]+.hpp)\"");
    for (std::sregex_iterator at(text.begin(), text.end(), include), end; at != end; ++at)
      all += text_of(proofs / (*at)[1].str());
    return all;
  }
  return "";
}

// "online.hpp: accumulate, absorb; lazy.hpp: lazy_absorb" as pairs.
std::vector<std::pair<std::string, std::string>> named_code(const std::string& code) {
  std::vector<std::pair<std::string, std::string>> pairs;
  const std::regex part("([a-z_/]+\\.hpp): ([A-Za-z_, ]+)");
  for (std::sregex_iterator at(code.begin(), code.end(), part), end; at != end; ++at) {
    const std::string names = (*at)[2].str();
    const std::regex name("[A-Za-z_]+");
    for (std::sregex_iterator n(names.begin(), names.end(), name); n != end; ++n)
      pairs.emplace_back((*at)[1].str(), n->str());
  }
  return pairs;
}

TEST(TrustTable, NamesCodeThatExistsAndThatTheTheoremsUse) {
  for (const Theorem& theorem : proofs::theorems()) {
    const std::string source = source_of(theorem, true);
    ASSERT_NE(source, "") << theorem.name;
    if (theorem.code == kBoundArithmetic || theorem.code == kByTraces) {
      EXPECT_EQ(source_of(theorem, false).find("#include \"attention/"), std::string::npos) << theorem.name;
      continue;
    }
    const auto named = named_code(theorem.code);
    EXPECT_FALSE(named.empty()) << theorem.name;
    for (const auto& [header, name] : named) {
      EXPECT_TRUE(mentions(text_of(ATTEST_DOCS_DIR "/../src/attention/" + header), name)) << header << name;
      EXPECT_TRUE(mentions(code_of(source), name)) << theorem.name << " does not use " << name;
    }
  }
}

}  // namespace
}  // namespace attest::prove
