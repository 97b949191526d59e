// Markup, the Markdown that the page takes over, and charts.
#include <cmath>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <pugixml.hpp>

#include "report/page/chart/chart.hpp"
#include "report/page/markup/html.hpp"
#include "report/page/markup/markdown.hpp"

namespace attest::report::page {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Html, EscapesTextAndAttributes) {
  EXPECT_EQ(text("<a href=\"x\">'&'</a>").markup(), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
  EXPECT_EQ(element("td", {{"title", "\" onclick=\""}, {"class", ""}}, "x").markup(),
            "<td title=\"&quot; onclick=&quot;\">x</td>");
}

TEST(Html, ReplacesWhatIsNoText) {
  const std::string replaced = "\xef\xbf\xbd";
  EXPECT_EQ(text(std::string("a\0b\x1b", 4)).markup(), "a" + replaced + "b" + replaced);
  EXPECT_EQ(text("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80").markup(),
            "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80");
  EXPECT_EQ(text("\xc0\xaf").markup(), replaced + replaced);                 // an overlong form
  EXPECT_EQ(text("\xed\xa0\x80").markup(), replaced + replaced + replaced);  // half of a surrogate pair
  EXPECT_EQ(text("\xe2\x82").markup(), replaced + replaced);                 // the end is missing
  EXPECT_EQ(text("\xe2\x80\xae").markup(), replaced);                        // right to left from here
  EXPECT_EQ(text("\xc2\x85").markup(), replaced);                            // a control character
}

TEST(Markdown, BecomesTheSameBlocks) {
  EXPECT_EQ(
      from_markdown("## A `b`\n\ntext **bold** [words](http://x)\nmore\n\n- one\n- two\n  lines\n").markup(),
      "<h3>A <code>b</code></h3><p>text <strong>bold</strong> words\nmore</p>"
      "<ul><li>one</li><li>two\n  lines</li></ul>");
  EXPECT_EQ(from_markdown("| a | b |\n|---|---:|\n| x \\| y |  |\n").markup(),
            "<div class=\"scroll\"><table><thead><tr><th>a</th><th class=\"n\">b</th></tr></thead><tbody>"
            "<tr><td>x | y</td><td class=\"n\"></td></tr></tbody></table></div>");
  EXPECT_EQ(from_markdown("<details><summary>t < u</summary>\n\ninside\n\n</details>\n\nafter").markup(),
            "<details><summary>t &lt; u</summary><p>inside</p></details><p>after</p>");
}

TEST(Markdown, LetsNoMarkupThrough) {
  EXPECT_EQ(from_markdown("<b>x</b> `<i>`").markup(), "<p>&lt;b&gt;x&lt;/b&gt; <code>&lt;i&gt;</code></p>");
  EXPECT_EQ(from_markdown("</details>\n<script>").markup(), "<p>&lt;script&gt;</p>");
  EXPECT_EQ(from_markdown("a ` b ** c [d] (e)").markup(), "<p>a ` b ** c [d] (e)</p>");
  EXPECT_EQ(from_markdown("").markup(), "");
  EXPECT_EQ(from_markdown("|").markup(), from_markdown("| \n").markup());
}

// Words made of what markup and Markdown are made of, and of any bytes.
std::string random_words(std::mt19937& random) {
  static const std::vector<std::string> kPieces{"<",
                                                ">",
                                                "&",
                                                "\"",
                                                "'",
                                                "`",
                                                "**",
                                                "[",
                                                "](",
                                                ")",
                                                "|",
                                                "\\",
                                                "\\|",
                                                "\n",
                                                "\n\n",
                                                "- ",
                                                "## ",
                                                "|---|",
                                                "<details><summary>",
                                                "</summary>",
                                                "</details>",
                                                "<script>",
                                                "]]>",
                                                "<!--",
                                                "-->",
                                                "a",
                                                " "};
  std::string words;
  for (std::size_t i = random() % 24; i > 0; --i) {
    const std::size_t piece = random() % (kPieces.size() + 4);
    words += piece < kPieces.size() ? kPieces[piece] : std::string(1, static_cast<char>(random() % 256));
  }
  return words;
}

TEST(Markup, IsWellFormedWhateverTheWords) {
  std::mt19937 random(1);
  for (int i = 0; i < 3000; ++i) {
    const std::string words = random_words(random);
    const Html made = element("x", element("p", {{"title", words}}, words) + from_markdown(words));
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(made.markup().c_str(), pugi::parse_default | pugi::parse_ws_pcdata))
        << words << "\n"
        << made.markup();
    ASSERT_EQ(made.markup().find("<script"), std::string::npos) << words;
    const pugi::xml_node shown = document.child("x").child("p");
    ASSERT_EQ(std::distance(shown.begin(), shown.end()), words.empty() ? 0 : 1) << words;
  }
}

Chart two_marks(double y) {
  Chart chart{.title = "T", .x = {"keys", 1, 16, 2}, .y = {"error", 1e-2, 1, 10}};
  chart.series = {{.name = "measured", .marks = {{1, 0.1}, {16, y}}},
                  {.name = "bound", .drawn = Drawn::dashed, .marks = {{1, 1}, {16, 1}}}};
  return chart;
}

TEST(Chart, PlacesMarksOnLogarithmicAxes) {
  // 0.1 is halfway between 0.01 and 1: y = (188 + 10) / 2.
  const std::string drawn = chart_html(two_marks(0.01)).markup();
  EXPECT_TRUE(contains(drawn, "class=\"line s0\" d=\"M52.0 99.0L350.0 188.0\"")) << drawn;
  EXPECT_TRUE(contains(drawn, "class=\"line dashed s0\" d=\"M52.0 10.0L350.0 10.0\"")) << drawn;
  EXPECT_TRUE(contains(drawn, "<li>")) << drawn;
}

TEST(Chart, DrawsInfinityAtTheEdgeAndBreaksALineAtZeroAndNaN) {
  EXPECT_TRUE(contains(chart_html(two_marks(HUGE_VAL)).markup(), "d=\"M52.0 99.0L350.0 10.0\""));
  for (const double y : {0.0, std::nan("")})
    EXPECT_TRUE(contains(chart_html(two_marks(y)).markup(), "d=\"M52.0 99.0\"")) << y;
}

TEST(BarChart, ShowsAFewAmongMany) {
  BarChart chart{.title = "T", .x_title = "x", .y_title = "y"};
  chart.bars = {{"a", 1, false}, {"b", 1e-9, true}, {"c", 0, false}, {"d", 0, false}, {"e", 0, false}};
  chart.limit = 1;
  const std::string drawn = bar_chart_html(chart).markup();
  EXPECT_TRUE(contains(drawn, "class=\"bar bad\" d=\"M117.6 188.0V187.0H165.2V188.0z\"")) << drawn;
  EXPECT_TRUE(contains(drawn, "class=\"bar\" d=\"M58.0 188.0V10.0H")) << drawn;
  EXPECT_TRUE(contains(drawn, "class=\"limit\"")) << drawn;
}

}  // namespace
}  // namespace attest::report::page
