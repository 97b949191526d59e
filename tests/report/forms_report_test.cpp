// What the report says of attest's own forms and proofs, on results made by hand.
#include "report/forms/forms_report.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "report/proofs/proofs_markdown.hpp"
#include "report/table.hpp"

namespace attest::report {
namespace {

prove::TheoremReport proved(const std::string& name) {
  prove::TheoremReport report;
  report.code = "online.hpp: absorb";
  report.name = name;
  report.sentence = "A | B.";
  report.semantics = "z3_real";
  report.verdict = prove::ProofVerdict::proved;
  report.z3 = prove::ProofVerdict::proved;
  report.twin = {"no rescale", prove::ProofVerdict::refuted, "m * l = W", {{"m", "1/2"}}, true};
  return report;
}

std::vector<prove::TheoremReport> proofs_of(const forms::MatrixLaw& law) {
  std::vector<prove::TheoremReport> proofs;
  for (const std::string_view name : law.theorems) proofs.push_back(proved(std::string(name)));
  return proofs;
}

forms::Cell some_cell(forms::CellStatus status, std::int64_t cases, const std::string& why) {
  return {std::string(forms::matrix_laws()[0].name),
          std::string(forms::matrix_forms()[0].name),
          std::string(forms::matrix_semantics()[0].name),
          status,
          cases,
          0,
          why};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Table, EscapesWhatWouldEndACell) { EXPECT_EQ(cell("a|b|c"), "a\\|b\\|c"); }

// The row of the law in the table of statements.
std::string statement_row(const forms::MatrixLaw& law, const std::vector<prove::TheoremReport>& proofs) {
  const std::string text = matrix_markdown({}, proofs);
  const std::size_t begin = text.find(fmt::format("| {} | {}", law.name, cell(std::string(law.statement))));
  if (begin == std::string::npos) return "no such row";
  return text.substr(begin, text.find('\n', begin) - begin);
}

TEST(MatrixMarkdown, NamesTheTheoremsOfALawOnlyIfAllOfThemAreProved) {
  const forms::MatrixLaw law = forms::matrix_laws()[0];
  ASSERT_FALSE(law.theorems.empty());
  std::vector<prove::TheoremReport> proofs = proofs_of(law);
  EXPECT_TRUE(contains(statement_row(law, proofs), fmt::format("`{}`", law.theorems[0])));
  proofs.back().twin.replayed = false;
  EXPECT_TRUE(contains(statement_row(law, proofs), "tested only"));
  proofs.pop_back();
  EXPECT_TRUE(contains(statement_row(law, proofs), "tested only"));
}

TEST(MatrixMarkdown, ShowsAViolatedCellWithItsSmallestCase) {
  const std::string text =
      matrix_markdown({some_cell(forms::CellStatus::violated, 3, "scores 0 1: 2 for 1")}, {});
  EXPECT_TRUE(contains(text, "**violated**")) << text;
  EXPECT_TRUE(contains(text, "`scores 0 1: 2 for 1`")) << text;
  EXPECT_FALSE(contains(matrix_markdown({some_cell(forms::CellStatus::held, 3, "")}, {}), "violated"));
}

TEST(MatrixMarkdown, SaysWhyACellIsNotApplicable) {
  const std::string text = matrix_markdown({some_cell(forms::CellStatus::not_applicable, 0, "no order")}, {});
  EXPECT_TRUE(contains(text, "- no order")) << text;
}

TEST(MatrixJson, ListsEveryCellAndName) {
  const Json json = matrix_json({some_cell(forms::CellStatus::held, 30, "")});
  EXPECT_EQ(json["cells"][0]["status"], "held");
  EXPECT_EQ(json["cells"][0]["cases"], 30);
  EXPECT_EQ(json["laws"].size(), forms::matrix_laws().size());
  EXPECT_EQ(json["forms"].size(), forms::matrix_forms().size());
  EXPECT_EQ(json["semantics"].size(), forms::matrix_semantics().size());
}

TEST(Growth, HasNoNumberWhereThereIsNoCertificate) {
  forms::ErrorGrowth growth;
  growth.most_keys = 16;
  growth.points = {{"tree", "f32", forms::growth_inputs()[0].name, 16, 0.25, HUGE_VAL, 0},
                   {"sequential", "f32", forms::growth_inputs()[0].name, 16, 0.25, 0.5, 0.5}};
  growth.departures = {{"f16", 2048, 16, 16, 8}};
  const Json json = growth_json(growth);
  EXPECT_EQ(json["points"][0]["bound"], "inf");
  EXPECT_EQ(json["points"][1]["max_bound_ratio"], 0.5);
  EXPECT_EQ(json["departures"][0]["limit"], 2048);
  const std::string text = growth_markdown(growth);
  EXPECT_TRUE(contains(text, "| f32 | tree | 0.25 (no certificate) |")) << text;
  EXPECT_TRUE(contains(text, "| f32 | sequential | 0.25 of 0.5 |")) << text;
  EXPECT_TRUE(contains(text, "| f16 | 2,048 | 16 keys (all tried) | 16 | 8 keys |")) << text;
}

TEST(ProofsMarkdown, MarksWhatIsNotAsExpected) {
  prove::TheoremReport open = proved("open");
  open.verdict = prove::ProofVerdict::timeout;
  const std::string text = proofs_markdown({proved("closed"), open}, 2);
  EXPECT_TRUE(contains(text, "| closed | A \\| B. | online.hpp: absorb | z3_real | proved | not asked |"))
      << text;
  EXPECT_TRUE(contains(text, "no rescale: refuted and replayed by m = 1/2")) << text;
  EXPECT_TRUE(contains(text, "**open** (timeout)")) << text;
}

}  // namespace
}  // namespace attest::report
