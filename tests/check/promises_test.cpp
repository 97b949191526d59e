// Every promise of kernel.h has cases, and a fault that only those show; every sentence of it is promised.

#include "check/promises/promises.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "check/record/problem_size.hpp"
#include "faults/catalogue.hpp"
#include "laws/evaluate.hpp"
#include "plain_kernel.hpp"

namespace attest::check {
namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Its comments, without the stars that begin their lines, with single spaces; one line a comment.
std::vector<std::string> comments_of(const std::string& source) {
  std::vector<std::string> comments;
  const std::regex comment(R"(/\*([^]*?)\*/)");
  for (auto at = std::sregex_iterator(source.begin(), source.end(), comment); at != std::sregex_iterator();
       ++at) {
    std::string text = std::regex_replace((*at)[1].str(), std::regex(R"(\n\s*\*)"), " ");
    text = std::regex_replace(text, std::regex(R"(\s+)"), " ");
    text = std::regex_replace(text, std::regex("^ | $"), "");
    comments.push_back(text);
  }
  return comments;
}

const std::vector<std::string>& header() {
  static const std::vector<std::string> comments = comments_of(contents(ATTEST_KERNEL_HEADER));
  return comments;
}

bool in_header(std::string_view quote) {
  return std::any_of(header().begin(), header().end(),
                     [&](const std::string& comment) { return comment.find(quote) != std::string::npos; });
}

TEST(Promises, QuoteTheHeader) {
  ASSERT_GT(header().size(), 10U);
  std::set<std::string_view> names;
  for (const Promise& promise : promises()) {
    EXPECT_TRUE(in_header(promise.quote)) << promise.name << ": " << promise.quote;
    EXPECT_TRUE(names.insert(promise.name).second) << promise.name << " is there twice";
  }
  for (const Constant& constant : constants_of_the_header())
    EXPECT_TRUE(in_header(constant.quote)) << constant.quote;
}

// Of each comment, what no quote covers: nothing but punctuation and the words that join quotes.
TEST(Promises, LeaveNoSentenceOfTheHeaderOut) {
  std::vector<std::string_view> quotes;
  for (const Promise& promise : promises()) quotes.push_back(promise.quote);
  for (const Constant& constant : constants_of_the_header()) quotes.push_back(constant.quote);
  std::sort(quotes.begin(), quotes.end(), [](auto a, auto b) { return a.size() > b.size(); });
  for (const std::string& comment : header()) {
    std::string rest = comment;
    for (const std::string_view quote : quotes) {
      // A quote of a single character stands for a whole comment only.
      if (quote.size() == 1 && comment != quote) continue;
      for (auto at = rest.find(quote); at != std::string::npos; at = rest.find(quote))
        rest.replace(at, quote.size(), "|");
    }
    rest = std::regex_replace(rest, std::regex(R"(\band\b)"), "");
    EXPECT_TRUE(std::none_of(rest.begin(), rest.end(),
                             [](char c) { return std::isalnum(static_cast<unsigned char>(c)); }))
        << "promised by none: " << rest;
  }
}

// A few thousand plans of a campaign, without a kernel.
const std::vector<CasePlan>& plans() {
  static const std::vector<CasePlan> drawn = [] {
    constexpr std::int64_t kCases = 3000;
    GenContext context;
    context.longest_row = (1 << 13) + 4;
    std::vector<CasePlan> all;
    for (std::int64_t n = 0; n < kCases; ++n) all.push_back(plan_case(1, n, context));
    // Those that campaigns have by schedule.
    for (std::int64_t n = 0; n < 8; ++n) all.push_back(plan_nan_case(2, n, context));
    context.shape_kind = ShapeKind::many_rows;
    for (std::int64_t n = 0; n < 8; ++n) all.push_back(plan_case(2, n, context));
    return all;
  }();
  return drawn;
}

TEST(Promises, EachHasCases) {
  for (const Promise& promise : promises()) {
    const auto cases = std::count_if(plans().begin(), plans().end(), promise.shown_by);
    EXPECT_GE(cases, 3) << promise.name;
  }
}

// What takes a test no longer than it may: the plain kernel needs some 20 ns a product.
bool is_small(const Problem& p, double products) { return products_of(p) <= products; }

bool is_plain(std::string_view fault) { return fault.substr(0, 6) == "plain:"; }

// Whether a law of the case is broken; a fault of several calls shows in those of the laws.
bool breaks(kernel::Kernel& kernel, const CasePlan& plan, const std::vector<const laws::Law*>& laws) {
  const Problem& p = plan.problem;
  const oracle::ContractSet contract = oracle::contract_for("", p.q.dtype(), p.k.dtype());
  kernel::RunOptions options;
  options.placement = plan.placement;
  laws::Subject subject(kernel, p, contract, options);
  return std::any_of(laws.begin(), laws.end(), [&](const laws::Law* law) {
    return laws::evaluate(*law, subject).standing == laws::LawStanding::broken;
  });
}

std::vector<const laws::Law*> laws_for(const Promise& promise) {
  const std::map<std::string_view, const char*> by_name{
      {"outputs are written only", "repeat"},  {"earlier calls", "history"},
      {"lengths of earlier calls", "history"}, {"scalars of earlier calls", "history"},
      {"NaN in a value", "NaN propagates"},    {"NaN in a key", "NaN propagates"},
      {"NaN elsewhere", "NaN propagates"},     {"NaN in tiles", "NaN propagates"}};
  const auto found = by_name.find(promise.name);
  if (found != by_name.end()) return {laws::find_law(found->second)};
  return {laws::find_law("definition"), laws::find_law("lse")};
}

class PlainFault : public testing::TestWithParam<const Promise*> {};

// The faulty kernel breaks a law on a case of the promise, and none on cases of which it is not.
TEST_P(PlainFault, IsShownByCasesOfThePromiseAndByNoOthers) {
  const Promise& promise = *GetParam();
  const auto fault = test::fault_from_name(promise.fault.substr(6));
  ASSERT_TRUE(fault.has_value()) << promise.fault;
  const std::unique_ptr<kernel::Kernel> kernel = test::plain_kernel(*fault);
  const std::vector<const laws::Law*> laws = laws_for(promise);
  // Where a family of values is the generator, values of other families may show the fault as well.
  const bool exact = laws.size() == 2 && promise.name != "maxima of neighbouring rows apart" &&
                     promise.name != "huge scores";
  std::int64_t shown = 0, others = 0;
  for (const CasePlan& plan : plans()) {
    if (promise.shown_by(plan)) {
      if (shown == 0 && is_small(plan.problem, 1 << 23) && breaks(*kernel, plan, laws)) ++shown;
    } else if (is_small(plan.problem, 1 << 18) && exact && others < 300) {
      ++others;
      EXPECT_FALSE(breaks(*kernel, plan, laws)) << describe(plan.problem) << " scale=" << plan.problem.scale;
    }
  }
  EXPECT_GT(shown, 0) << promise.fault << " is not shown";
}

std::vector<const Promise*> plain_faults() {
  std::vector<const Promise*> tested;
  for (const Promise& promise : promises()) {
    if (is_plain(promise.fault)) tested.push_back(&promise);
  }
  return tested;
}

INSTANTIATE_TEST_SUITE_P(Promises, PlainFault, testing::ValuesIn(plain_faults()),
                         [](const testing::TestParamInfo<const Promise*>& tested) {
                           std::string name;
                           for (const char ch : tested.param->name)
                             if (std::isalnum(static_cast<unsigned char>(ch)) != 0) name += ch;
                           return name;
                         });

TEST(Promises, NameFaultsThatExist) {
  const std::string list = contents(ATTEST_TEST_KERNELS_SOURCE "/CMakeLists.txt");
  for (const Promise& promise : promises()) {
    const std::string fault(promise.fault);
    const std::string name = fault.substr(fault.find(':') + 1);
    const auto& library = faults::fault_catalogue();
    const bool known =
        (is_plain(fault) && test::fault_from_name(name)) ||
        (fault == "library:" + name &&
         std::any_of(library.begin(), library.end(), [&](const auto& e) { return e.name == name; })) ||
        (fault == "hostile:" + name && list.find(" " + name) != std::string::npos);
    EXPECT_TRUE(known) << promise.name << ": " << fault;
  }
}

}  // namespace
}  // namespace attest::check
