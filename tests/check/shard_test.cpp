// Parts of a campaign, and the whole that they give.

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "check/baseline/baseline.hpp"
#include "check/shard/merge.hpp"
#include "check/shard/shard_run.hpp"
#include "check/turns/law_turns.hpp"
#include "files/tensor_archive.hpp"
#include "report/check/check_json.hpp"
#include "scripted_kernel.hpp"
#include "shard_parts.hpp"

namespace attest::check {
namespace {

using test::two_parts;

constexpr std::int64_t kShards = 8;

// Odd head dims with keys of one length are declined for no reason that a region can say.
std::unique_ptr<kernel::Kernel> moody() {
  return std::make_unique<test::ScriptedKernel>(
      [](const Problem& p, const kernel::RunOptions&) -> std::optional<kernel::RunOutcome> {
        if ((p.qk_dim() + p.kv_len() + p.q_len()) % 5 != 0) return std::nullopt;
        kernel::RunOutcome outcome;
        outcome.status = kernel::RunStatus::unsupported;
        return outcome;
      },
      test::kEveryPreset);
}

// Counts, laws, families, coverage, region, alarm, verdict: all but times, memory and the findings' own
// cases.
nlohmann::ordered_json counts_of(const KernelReport& report) {
  nlohmann::ordered_json json = report::kernel_json(report);
  for (const char* own : {"seconds", "memory", "findings", "shrink_steps_left_out"}) json.erase(own);
  if (report.findings.empty()) return json;
  // In words of the first finding, whose smallest case may have other numbers.
  for (auto& [name, law] : json["laws"].items()) {
    if (law["status"] == "broken") law.erase("why");
  }
  return json;
}

void expect_the_whole(test::Make make, std::int64_t count = kShards) {
  const auto kernel = make();
  const KernelReport whole = run_campaign(*kernel, test::small_campaign());
  const MergedReport merged = merge_shards(test::run_parts(make, count));
  EXPECT_EQ(counts_of(merged.report).dump(1), counts_of(whole).dump(1));
  EXPECT_TRUE(merged.lost.empty());
  EXPECT_EQ(merged.report.first_broken, whole.first_broken);
  std::string seen;
  for (const KernelReport* report : {&merged.report, &whole}) {
    for (const Finding& f : report->findings)
      seen += f.summary + " [" + describe(f.problem) + "] " + faults::diagnosis_text(f.diagnosis) + "\n";
  }
  ASSERT_EQ(merged.report.findings.size(), whole.findings.size()) << seen;
  for (std::size_t i = 0; i < whole.findings.size(); ++i) {
    const Finding& a = merged.report.findings[i];
    const Finding& b = whole.findings[i];
    EXPECT_EQ(identity_of("", a), identity_of("", b));
    EXPECT_EQ(a.kind, b.kind);
    EXPECT_EQ(a.cases, b.cases);
    EXPECT_EQ(a.problem.q.shape(), b.problem.q.shape());
    EXPECT_EQ(a.problem.k.shape(), b.problem.k.shape());
  }
}

TEST(Shard, EightPartsOfAConformingKernelGiveTheWhole) { expect_the_whole(test::correct); }
TEST(Shard, EightPartsOfADefectiveKernelGiveTheWhole) { expect_the_whole(test::defective); }
TEST(Shard, PartsOfAKernelThatDeclinesAtWhimGiveTheWhole) { expect_the_whole(moody, 3); }

TEST(Shard, PartsJudgeEachCaseOnce) {
  for (const std::int64_t count : {1, 2, 7, 8}) {
    std::vector<std::int64_t> families_of_one(7);
    for (std::int64_t number = 0; number < 600; ++number) {
      std::int64_t judging = 0;
      for (std::int64_t index = 1; index <= count; ++index)
        judging += Shard{index, count}.judges(number) ? 1 : 0;
      EXPECT_EQ(judging, 1) << number;
      if (Shard{1, count}.judges(number)) ++families_of_one[static_cast<std::size_t>(number % 7)];
    }
    for (const std::int64_t cases : families_of_one) EXPECT_GE(cases, 600 / 7 / count / 2) << count;
  }
}

TEST(Shard, IsReadFromWords) {
  EXPECT_EQ(shard_from("3/8"), (Shard{3, 8}));
  for (const char* word : {"", "3", "0/8", "9/8", "3/", "/8", "3/8/", "-1/8", "1/99999", "a/b", "1/8 "})
    EXPECT_FALSE(shard_from(word)) << word;
}

TEST(MergedParts, NameALostOne) {
  const MergedReport merged = merge_shards({two_parts()[1]});
  EXPECT_EQ(merged.lost, std::vector<std::int64_t>{1});
  EXPECT_EQ(merged.report.verdict, Verdict::mistrusted);
  EXPECT_EQ(merged.report.mistrust.back(), "shard 1 of 2 is missing");
  EXPECT_LT(merged.report.cases, two_parts()[1].report.cases) << "cases of the lost part are not answered";
}

TEST(MergedParts, CountAPartOnceInAnyOrder) {
  const auto once = merge_shards(two_parts());
  const auto again = merge_shards({two_parts()[1], two_parts()[0], two_parts()[1]});
  EXPECT_EQ(counts_of(again.report), counts_of(once.report));
  EXPECT_EQ(once.report.verdict, again.report.verdict);
}

TEST(MergedParts, CountTheRunThatWasNotCutShort) {
  ShardRecord early = two_parts()[1];
  early.report.stopped_early = true;
  early.report.why_stopped = "it was interrupted";
  early.report.cases = 3;
  early.events.clear();
  const auto merged = merge_shards({two_parts()[0], early});
  EXPECT_TRUE(merged.report.stopped_early);
  EXPECT_LT(merged.report.cases, two_parts()[0].report.cases);
  const auto again = merge_shards({early, two_parts()[0], two_parts()[1]});
  EXPECT_EQ(counts_of(again.report), counts_of(merge_shards(two_parts()).report));
}

TEST(MergedParts, AreOfOneCampaign) {
  std::vector<ShardRecord> other = two_parts();
  other[1].report.seed = 6;
  EXPECT_THROW(merge_shards(other), files::FileFormatError);
  other = two_parts();
  other[1].report.info.version = "2";
  EXPECT_THROW(merge_shards(other), files::FileFormatError);
  other = two_parts();
  other[1].shard.count = 3;
  EXPECT_THROW(merge_shards(other), files::FileFormatError);
  other = two_parts();
  other[1].report.seed = 6;
  other[1].report.stopped_early = true;
  EXPECT_THROW(merge_shards(other), files::FileFormatError) << "also of one that ended early";
  other.insert(other.begin() + 1, two_parts()[1]);
  EXPECT_THROW(merge_shards(other), files::FileFormatError) << "also of one that another stands for";
}

TEST(LawTurns, LawsThatFallBehindAreNamedButForCostlyOnes) {
  const laws::Law* prefix = &laws::law_of(laws::LawId::prefix);
  const laws::Law* costly = &laws::law_of(laws::LawId::thread_invariance);
  Problem p;
  p.q = p.k = p.v = Tensor(DType::f32, {1, 1, 4, 2});
  p.causal = Causal::top_left;
  const auto asks = [](const Problem&, const Problem&) { return true; };
  LawTurns turns("", 6);
  EXPECT_TRUE(turns.below(6).empty()) << "a law that never had a turn may say nothing of this kernel";
  for (int i = 0; i < 5; ++i) turns.add(p, {prefix, costly}, true, asks);
  EXPECT_EQ(turns.below(6), std::vector{prefix});
  EXPECT_TRUE(turns.below(5).empty());
  LawTurns declined("", 6);
  declined.add(p, {prefix}, true, [](const Problem&, const Problem&) { return false; });
  declined.add(p, {prefix}, false, asks);
  EXPECT_TRUE(declined.below(6).empty());
}

}  // namespace
}  // namespace attest::check
