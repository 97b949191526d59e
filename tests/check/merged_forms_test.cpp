// Forms of a kernel's operator in a merged report.

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "check/shard/merge.hpp"
#include "laws/law.hpp"
#include "shard_parts.hpp"

namespace attest::check {
namespace {

using test::two_parts;

// A finding in a form of the operator, as the first part would have it.
Finding in_a_form(const char* form) {
  Finding finding;
  finding.law = name_of(laws::LawId::definition);
  finding.form = form;
  finding.cases = 3;
  finding.problem.q = finding.problem.k = finding.problem.v = Tensor(DType::f32, {1, 1, 1, 1});
  return finding;
}

void add_form_finding(ShardRecord& part, Finding finding, bool shows_without_form) {
  part.report.findings.push_back(std::move(finding));
  part.evidence.emplace_back();
  part.shows_without_form.push_back(shows_without_form);
}

TEST(MergedForms, AreThoseThatTheFirstPartAsked) {
  ShardRecord first = two_parts()[0];
  first.forms = {{.name = "plain", .answered = 4, .broken = 0, .declined = 0},
                 {.name = "plain; qk_matmul_output_mode=0", .answered = 4, .broken = 3, .declined = 0}};
  add_form_finding(first, in_a_form("plain; qk_matmul_output_mode=0"), false);
  const auto merged = merge_shards({two_parts()[1], test::read_again(first)});
  ASSERT_EQ(merged.report.region.forms.size(), 2U);
  EXPECT_EQ(merged.report.region.forms[1].broken, 3);
  ASSERT_EQ(merged.report.findings.size(), 1U);
  EXPECT_EQ(merged.report.findings[0].form, "plain; qk_matmul_output_mode=0");
  EXPECT_EQ(merged.report.verdict, Verdict::defective);
}

TEST(MergedForms, OneThatShowsWhatAnotherPartFoundIsNoFindingOfItsOwn) {
  std::vector<ShardRecord> defects = test::run_parts(test::defective, 2);
  const auto alone = merge_shards(defects);
  ASSERT_EQ(alone.report.findings.size(), 1U);
  Finding finding = in_a_form("plain; softcap");
  finding.kind = alone.report.findings[0].kind;
  for (const bool shows_without_form : {true, false}) {
    std::vector<ShardRecord> parts = defects;
    add_form_finding(parts[0], finding, shows_without_form);
    const auto merged = merge_shards(parts);
    EXPECT_EQ(merged.report.findings.size(), shows_without_form ? 1U : 2U);
    EXPECT_EQ(merged.report.findings[0].cases, alone.report.findings[0].cases + (shows_without_form ? 3 : 0));
  }
}

}  // namespace
}  // namespace attest::check
