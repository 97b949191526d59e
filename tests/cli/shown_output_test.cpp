// What README and docs show as the output of a command is what the command prints, numbers included.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

struct Shown {
  std::string document, arguments;
  std::vector<std::string> lines;
};

std::vector<std::string> lines_in(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// Fenced blocks that begin with "$ ./attest" or "$ attest", each with what it shows below.
std::vector<Shown> shown_in(const std::string& document, const std::string& text) {
  std::vector<Shown> found;
  bool fenced = false;
  bool inside = false;
  for (const std::string& line : lines_in(text)) {
    if (line.rfind("```", 0) == 0) {
      fenced = !fenced;
      inside = false;
      continue;
    }
    const bool command = fenced && (line.rfind("$ ./attest ", 0) == 0 || line.rfind("$ attest ", 0) == 0);
    if (command) found.push_back({document, line.substr(line.find("attest ") + 7), {}});
    if (inside && !command) found.back().lines.push_back(line);
    inside = inside || command;
  }
  return found;
}

// The first line that the output does not have, in the order shown; "..." stands for any lines, and empty
// lines count for nothing. Empty: there is none.
std::string first_missing(const std::vector<std::string>& lines, const std::string& output) {
  const std::vector<std::string> printed = lines_in(output);
  auto at = printed.begin();
  bool skipping = false;
  for (const std::string& line : lines) {
    if (line.empty()) continue;
    if (line == "...") {
      skipping = true;
      continue;
    }
    while (at != printed.end() && at->empty()) ++at;
    if (skipping) at = std::find(at, printed.end(), line);
    if (at == printed.end() || *at != line) return line;
    skipping = false;
    ++at;
  }
  return "";
}

TEST(ShownOutput, IsComparedLineByLine) {
  const std::string printed = "a 1\n\nb 2\nc 3\nd 4\n";
  EXPECT_EQ(first_missing({"a 1", "b 2"}, printed), "");
  EXPECT_EQ(first_missing({"...", "b 2", "c 3"}, printed), "");
  EXPECT_EQ(first_missing({"a 1", "...", "d 4", "..."}, printed), "");
  EXPECT_EQ(first_missing({"b 2"}, printed), "b 2");
  EXPECT_EQ(first_missing({"a 1", "c 3"}, printed), "c 3");
  EXPECT_EQ(first_missing({"...", "b 20"}, printed), "b 20");
  EXPECT_EQ(first_missing({"...", "c 3", "...", "a 1"}, printed), "a 1");
}

TEST(ShownOutput, IsFoundInFencedBlocks) {
  const auto found =
      shown_in("x", "$ attest no\n```\n$ ./attest check k\nA\n...\n```\ntext\n```\n./attest\n```\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].arguments, "check k");
  EXPECT_EQ(found[0].lines, (std::vector<std::string>{"A", "..."}));
}

std::vector<Shown> shown_in_documents() {
  namespace fs = std::filesystem;
  std::vector<fs::path> documents{fs::path(ATTEST_SOURCE_DIR) / "README.md"};
  for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(ATTEST_SOURCE_DIR) / "docs"))
    if (entry.path().extension() == ".md") documents.push_back(entry.path());
  std::sort(documents.begin(), documents.end());
  std::vector<Shown> all;
  for (const fs::path& document : documents) {
    std::ostringstream text;
    text << std::ifstream(document).rdbuf();
    for (Shown& shown : shown_in(document.filename().string(), text.str())) all.push_back(std::move(shown));
  }
  return all;
}

TEST(ShownOutput, OfDocumentsIsWhatTheToolPrints) {
  const std::vector<Shown> all = shown_in_documents();
  ASSERT_TRUE(std::any_of(all.begin(), all.end(), [](const Shown& s) { return s.document == "README.md"; }));
  std::string unavailable;
  for (const Shown& shown : all) {
    SCOPED_TRACE(shown.document + ": attest " + shown.arguments);
    const CommandRun run = attest_command(shown.arguments);
    // Libraries for other processors do not run here.
    if (run.exit == 64 && run.err.find("not available") != std::string::npos) {
      unavailable += run.err;
      continue;
    }
    EXPECT_EQ(first_missing(shown.lines, run.out), "") << run.out << run.err;
  }
  if (!unavailable.empty()) GTEST_SKIP() << unavailable;
}

}  // namespace
}  // namespace attest::cli
