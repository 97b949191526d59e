// The smallest case as matrices: the numbers of the definition, and marks where the kernel is wrong.
#include "report/page/case/case_html.hpp"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <pugixml.hpp>

#include "page_sample.hpp"
#include "report/page/case/case_window.hpp"

namespace attest::report::page {
namespace {

// Each matrix by its title: its rows, cells joined by spaces, with the class of those that have one.
std::map<std::string, std::vector<std::string>> matrices_of(const check::Finding& finding) {
  pugi::xml_document document;
  EXPECT_TRUE(document.load_string(("<x>" + case_html(finding).markup() + "</x>").c_str()));
  std::map<std::string, std::vector<std::string>> matrices;
  for (const auto& figure : document.select_nodes("//figure")) {
    std::vector<std::string>& rows = matrices[figure.node().child_value("figcaption")];
    for (const auto& row : figure.node().select_nodes(".//tbody/tr")) {
      std::string words;
      for (const pugi::xml_node& cell : row.node().children("td")) {
        const std::string css = cell.attribute("class").value();
        words +=
            (words.empty() ? "" : " ") + std::string(cell.child_value()) + (css.empty() ? "" : ":" + css);
      }
      rows.push_back(words);
    }
  }
  return matrices;
}

TEST(CaseHtml, DrawsScoresVisibleKeysExpectedAndGot) {
  const auto matrices = matrices_of(test::two_row_finding());
  ASSERT_EQ(matrices.size(), 4U);
  // Row 0 stands at key 1, row 1 at key 2.
  EXPECT_EQ(matrices.at("scores (hidden keys are struck out)"),
            (std::vector<std::string>{"0 0 5:hidden", "0 0 10"}));
  EXPECT_EQ(matrices.at("visible"),
            (std::vector<std::string>{"yes:seen yes:seen no:hidden", "yes:seen yes:seen yes:seen"}));
  // Row 1: weights 1, 1, e^10 of values 1, 2, 4.
  EXPECT_EQ(matrices.at("expected"), (std::vector<std::string>{"1.5", "4"}));
  EXPECT_EQ(matrices.at("got"), (std::vector<std::string>{"\xe2\x9c\x97 7:wrong", "3.75"}));
}

TEST(CaseHtml, AppliesSoftcapThenBiasThenSlope) {
  check::Finding f = test::two_row_finding();
  f.problem.softcap = 2;
  f.problem.bias = Tensor(DType::f32, {1, 1, 1, 3});
  f.problem.bias->assign({0, 10, 20});
  f.problem.alibi_slopes = Tensor(DType::f32, {1});
  f.problem.alibi_slopes->assign({0.5});
  // Row 1, at key 2: 2 tanh(10 / 2) + 20 - 0; before it 0 + 10 - 0.5 and 0 + 0 - 1.
  EXPECT_EQ(matrices_of(f).at("scores (hidden keys are struck out)")[1], "-1 9.5 22");
}

TEST(CaseHtml, SaysThatAChangedCallShowsTheFailure) {
  check::Finding f = test::two_row_finding();
  f.result.reset();
  f.variant = "keys < reversed";
  EXPECT_EQ(matrices_of(f).size(), 2U);
  EXPECT_NE(case_html(f).markup().find("The failure shows in a changed call: keys &lt; reversed."),
            std::string::npos);
}

TEST(CaseHtml, IsEmptyWithoutRows) {
  check::Finding f;
  EXPECT_TRUE(case_html(f).empty());
  f.problem.q = Tensor(DType::f32, {1, 1, 0, 1});
  f.problem.k = f.problem.v = Tensor(DType::f32, {1, 1, 3, 1});
  EXPECT_TRUE(case_html(f).empty());
}

TEST(CaseHtml, DrawsARowWithoutKeys) {
  check::Finding f = test::two_row_finding();
  f.problem.k = f.problem.v = Tensor(DType::f32, {1, 1, 0, 1});
  const auto matrices = matrices_of(f);
  EXPECT_EQ(matrices.count("visible"), 0U);
  EXPECT_EQ(matrices.at("expected"), (std::vector<std::string>{"0", "0"}));
}

TEST(CaseWindow, TakesWhatIsWantedAndItsNeighbours) {
  using Numbers = std::vector<std::int64_t>;
  EXPECT_EQ(some_of(3, {}, 8), (Numbers{0, 1, 2}));
  EXPECT_EQ(some_of(100, {50}, 4), (Numbers{48, 49, 50, 51}));
  EXPECT_EQ(some_of(100, {3, 99}, 4), (Numbers{2, 3, 4, 99}));
  EXPECT_EQ(some_of(100, {1, 2, 3, 4}, 2), (Numbers{1, 2}));
  EXPECT_EQ(some_of(10, {-5, 30}, 2), (Numbers{0, 1}));
  EXPECT_EQ(some_of(0, {1}, 4), Numbers{});
}

TEST(CaseWindow, IsAroundTheWrongNumberOfALargeCase) {
  check::Finding f;
  f.problem.q = Tensor(DType::f32, {2, 2, 90, 1});
  f.problem.k = Tensor(DType::f32, {2, 1, 90, 1});
  f.problem.v = Tensor(DType::f32, {2, 1, 90, 40});
  f.problem.causal = Causal::top_left;
  oracle::Element wrong;
  wrong.b = wrong.h = 1;
  wrong.i = 70;
  wrong.channel = 33;
  f.elements = {wrong};
  const CaseWindow window = window_of(f);
  EXPECT_EQ(window.b, 1);
  EXPECT_EQ(window.h, 1);
  const auto has = [](const std::vector<std::int64_t>& all, std::int64_t one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  EXPECT_TRUE(has(window.rows, 70));
  EXPECT_TRUE(has(window.channels, 33));
  for (const std::int64_t key : {0, 70, 71}) EXPECT_TRUE(has(window.keys, key)) << key;
  EXPECT_LE(window.rows.size() * window.keys.size(), 64U);
}

}  // namespace
}  // namespace attest::report::page
