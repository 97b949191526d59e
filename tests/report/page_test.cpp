// The page: well-formed, closed against hostile words, and with everything in its place.
#include "report/page/page.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <pugixml.hpp>

#include "page_sample.hpp"
#include "report/check/case_text.hpp"

namespace attest::report::page {
namespace {

void each_element(const pugi::xml_node& node, const std::function<void(const pugi::xml_node&)>& visit) {
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() != pugi::node_element) continue;
    visit(child);
    each_element(child, visit);
  }
}

// All words inside an element, as a browser shows them.
std::string words_of(const pugi::xml_node& node) {
  std::string words;
  for (const pugi::xml_node& child : node.children())
    words += child.type() == pugi::node_pcdata ? child.value() : words_of(child);
  return words;
}

class Page {
 public:
  explicit Page(const std::vector<check::KernelReport>& kernels,
                const std::string& command = "attest check x") {
    const std::vector<UnavailableKernel> missing{{test::hostile_words(), test::hostile_words()}};
    text_ = page_html(
        {.command = command, .seed = 1, .effort = "ci", .kernels = kernels, .unavailable = missing});
    const pugi::xml_parse_result parsed =
        document_.load_string(text_.c_str(), pugi::parse_default | pugi::parse_ws_pcdata);
    EXPECT_TRUE(parsed) << parsed.description() << " at "
                        << text_.substr(static_cast<std::size_t>(parsed.offset), 80);
  }
  const std::string& text() const { return text_; }
  pugi::xml_node root() const { return document_.child("html"); }
  pugi::xml_node by_id(const std::string& id) const {
    return root().find_node([&](const pugi::xml_node& node) { return id == node.attribute("id").value(); });
  }
  std::vector<pugi::xml_node> all(const std::string& tag) const {
    std::vector<pugi::xml_node> found;
    each_element(root(), [&](const pugi::xml_node& node) {
      if (tag == node.name()) found.push_back(node);
    });
    return found;
  }

 private:
  std::string text_;
  pugi::xml_document document_;
};

TEST(Page, HasNoScriptNoHandlerAndNoRequestWhateverNamesHold) {
  const Page page(test::hostile_reports(), "attest check " + test::hostile_words());
  std::set<std::string> tags;
  each_element(page.root(), [&](const pugi::xml_node& node) {
    tags.insert(node.name());
    for (const pugi::xml_attribute& attribute : node.attributes()) {
      const std::string name = attribute.name();
      const std::string value = attribute.value();
      EXPECT_NE(name.substr(0, 2), "on") << value;
      EXPECT_NE(name, "src");
      EXPECT_NE(name, "style") << "the style sheet is the only style";
      if (name == "href") {
        EXPECT_TRUE(value.starts_with("#") || value == "data:,") << value;
      }
    }
  });
  for (const char* forbidden : {"script", "img", "iframe", "object", "form", "base"})
    EXPECT_EQ(tags.count(forbidden), 0U) << forbidden;
  EXPECT_EQ(page.all("style").size(), 1U);
  EXPECT_NE(page.text().find("default-src 'none'"), std::string::npos);
  for (const char byte : page.text()) EXPECT_TRUE(byte == '\n' || static_cast<unsigned char>(byte) >= 0x20);
}

TEST(Page, ShowsHostileWordsAsTheyAre) {
  const Page page(test::hostile_reports());
  const std::string shown = words_of(page.by_id("k0"));
  EXPECT_NE(shown.find("</style></td><script>alert(1)</script>\" onclick='x()' &amp; <img src=http://x/>"),
            std::string::npos)
      << shown;
  const std::string replaced = "\xef\xbf\xbd";
  EXPECT_NE(shown.find(" " + replaced + replaced + replaced + " end"), std::string::npos) << shown;
}

TEST(Page, EveryLinkLeadsSomewhereAndNoIdIsUsedTwice) {
  const Page page(test::hostile_reports());
  std::multiset<std::string> ids;
  each_element(page.root(), [&](const pugi::xml_node& node) {
    if (const pugi::xml_attribute id = node.attribute("id")) ids.insert(id.value());
  });
  for (const std::string& id : ids) EXPECT_EQ(ids.count(id), 1U) << id;
  std::size_t links = 0;
  for (const pugi::xml_node& link : page.all("a")) {
    EXPECT_EQ(ids.count(std::string(link.attribute("href").value()).substr(1)), 1U)
        << link.attribute("href").value();
    ++links;
  }
  EXPECT_GT(links, 15U);
}

TEST(Page, BeginsWithTheVerdictsTheFirstFindingAndItsReplay) {
  const std::vector<check::KernelReport> reports = test::hostile_reports();
  const Page page(reports);
  const std::string head = words_of(page.all("header").front());
  const std::size_t verdict = head.find("2 defective");
  const std::size_t finding = head.find("is wrong: ");
  const std::size_t replay = head.find("attest replay 'findings/");
  EXPECT_LT(verdict, finding) << head;
  EXPECT_LT(finding, replay) << head;
  EXPECT_LT(replay, head.find("Laws by kernels")) << head;
  const Page one({reports[2]});
  EXPECT_NE(words_of(one.all("header").front()).find("CONFORMING good"), std::string::npos);
  EXPECT_NE(words_of(one.by_id("findings")).find("No finding."), std::string::npos);
}

TEST(Page, ShowsTheVerdictNextToTheNameAndOnlyOnce) {
  const Page page(test::hostile_reports());
  const pugi::xml_node row = page.by_id("verdicts").select_node("(.//tbody/tr)[3]").node();
  EXPECT_TRUE(words_of(row).starts_with("goodCONFORMING0")) << words_of(row);
  EXPECT_NE(words_of(page.by_id("verdicts")).find(" is not available: </style>"), std::string::npos);
  const std::string heading = words_of(page.by_id("k0"));
  const std::string details = words_of(page.by_id("kernels"));
  EXPECT_TRUE(heading.ends_with(" DEFECTIVE")) << heading;
  EXPECT_NE(details.find(heading + "1 finding"), std::string::npos) << details.substr(0, 400);
}

TEST(Page, SaysWhereReplayCommandsFindTheirFiles) {
  const std::vector<check::KernelReport> reports = test::hostile_reports();
  const Page page(reports);
  EXPECT_NE(words_of(page.by_id("findings")).find("FindingsReplay commands read case files"),
            std::string::npos);
  const Page none({reports[2]});
  EXPECT_EQ(none.text().find("Replay commands"), std::string::npos);
}

TEST(Page, HasItsSectionsInOrder) {
  const Page page(test::hostile_reports());
  std::vector<std::string> ids;
  for (const pugi::xml_node& section : page.all("section")) ids.emplace_back(section.attribute("id").value());
  EXPECT_EQ(ids, (std::vector<std::string>{"verdicts", "findings", "laws", "errors", "kernels", "versions"}));
}

TEST(Page, TheMatrixOfLawsLeadsToTheDetailsOfTheKernelWithThoseBits) {
  const Page page(test::hostile_reports());
  const std::string words = words_of(page.by_id("k0l0"));
  EXPECT_NE(words.find("7 of 1,200"), std::string::npos) << words;
  int to_broken = 0;
  for (const pugi::xml_node& link : page.all("a"))
    to_broken += std::string(link.attribute("href").value()) == "#k0l0" ? 1 : 0;
  EXPECT_EQ(to_broken, 2);  // its own column, and that of the kernel with the same bits
  EXPECT_FALSE(page.by_id("k1l0"));
}

TEST(Page, ShowsTheFormOfAFindingAndTheFormsOfTheOperator) {
  const std::vector<check::KernelReport> reports = test::hostile_reports();
  const Page page({reports[0]});
  EXPECT_NE(words_of(page.by_id("k0f0")).find("form3D; </style>"), std::string::npos)
      << words_of(page.by_id("k0f0"));
  const std::string details = words_of(page.by_id("kernels"));
  EXPECT_NE(details.find("Forms of the operator1 of 2 combinations of attributes taken"), std::string::npos)
      << details;
  EXPECT_NE(details.find("3D21"), std::string::npos) << details;
  EXPECT_NE(details.find("mask10"), std::string::npos) << details;
}

TEST(Page, EachChartHasMarksAndATable) {
  const Page page(test::hostile_reports());
  std::size_t charts = 0;
  for (const pugi::xpath_node& figure : page.by_id("errors").select_nodes(".//figure")) {
    ++charts;
    EXPECT_GT(figure.node().select_nodes("./svg/path").size(), 0U);
    EXPECT_GT(figure.node().select_nodes("./details//tbody/tr").size(), 2U);
  }
  EXPECT_EQ(charts, 2U);
  const pugi::xml_node table = page.by_id("errors").select_node(".//figure[1]/details//tbody").node();
  EXPECT_NE(words_of(table).find("above 161"), std::string::npos) << words_of(table);
}

TEST(Page, WithoutKernelsSaysSo) {
  const Page page({});
  EXPECT_NE(words_of(page.root()).find("No kernel was checked."), std::string::npos);
}

}  // namespace
}  // namespace attest::report::page
