// Parts of a campaign, and the whole that they give.

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "check/baseline/baseline.hpp"
#include "check/fault_study/study_kernel.hpp"
#include "check/shard/merge.hpp"
#include "check/shard/shard_json.hpp"
#include "check/shard/shard_run.hpp"
#include "check/turns/law_turns.hpp"
#include "faults/catalogue.hpp"
#include "files/tensor_archive.hpp"
#include "numerics/draw.hpp"
#include "report/check/check_json.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

constexpr std::int64_t kShards = 8;

CampaignOptions options() {
  CampaignOptions o;
  o.seed = 5;
  o.cases = 48;
  o.budget_seconds = 250;
  o.dtype = DType::f32;
  return o;
}

using Make = std::unique_ptr<kernel::Kernel> (*)();

std::unique_ptr<kernel::Kernel> correct() { return study_kernel(faults::control_catalogue().front()); }
std::unique_ptr<kernel::Kernel> defective() {
  return study_kernel(faults::entry_of(faults::KernelFault::causal_key_ahead));
}
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

std::vector<ShardRecord> run_parts(Make make, std::int64_t count = kShards) {
  std::vector<ShardRecord> parts;
  for (std::int64_t index = 1; index <= count; ++index) {
    const auto kernel = make();
    // Through the text, as merge gets them.
    const ShardRecord record = run_shard(*kernel, options(), {index, count});
    const std::string text = nlohmann::ordered_json{{"kernels", {{{"shard", shard_json(record)}}}}}.dump();
    parts.push_back(std::move(parse_shards(text).front()));
  }
  return parts;
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

void expect_the_whole(Make make, std::int64_t count = kShards) {
  const auto kernel = make();
  const KernelReport whole = run_campaign(*kernel, options());
  const MergedReport merged = merge_shards(run_parts(make, count));
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

TEST(Shard, EightPartsOfAConformingKernelGiveTheWhole) { expect_the_whole(correct); }
TEST(Shard, EightPartsOfADefectiveKernelGiveTheWhole) { expect_the_whole(defective); }
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

class MergedParts : public testing::Test {
 protected:
  static const std::vector<ShardRecord>& parts() {
    static const std::vector<ShardRecord> made = run_parts(correct, 2);
    return made;
  }
};

TEST_F(MergedParts, NameALostOne) {
  const MergedReport merged = merge_shards({parts()[1]});
  EXPECT_EQ(merged.lost, std::vector<std::int64_t>{1});
  EXPECT_EQ(merged.report.verdict, Verdict::mistrusted);
  EXPECT_EQ(merged.report.mistrust.back(), "shard 1 of 2 is missing");
  EXPECT_LT(merged.report.cases, parts()[1].report.cases) << "cases of the lost part are not answered";
}

TEST_F(MergedParts, CountAPartOnceInAnyOrder) {
  const auto once = merge_shards(parts());
  const auto again = merge_shards({parts()[1], parts()[0], parts()[1]});
  EXPECT_EQ(counts_of(again.report), counts_of(once.report));
  EXPECT_EQ(once.report.verdict, again.report.verdict);
}

TEST_F(MergedParts, CountTheRunThatWasNotCutShort) {
  ShardRecord early = parts()[1];
  early.report.stopped_early = true;
  early.report.why_stopped = "it was interrupted";
  early.report.cases = 3;
  early.events.clear();
  const auto merged = merge_shards({parts()[0], early});
  EXPECT_TRUE(merged.report.stopped_early);
  EXPECT_LT(merged.report.cases, parts()[0].report.cases);
  const auto again = merge_shards({early, parts()[0], parts()[1]});
  EXPECT_EQ(counts_of(again.report), counts_of(merge_shards(parts()).report));
}

TEST_F(MergedParts, AreOfOneCampaign) {
  std::vector<ShardRecord> other = parts();
  other[1].report.seed = 6;
  EXPECT_THROW(merge_shards(other), files::FileFormatError);
  other = parts();
  other[1].report.info.version = "2";
  EXPECT_THROW(merge_shards(other), files::FileFormatError);
  other = parts();
  other[1].shard.count = 3;
  EXPECT_THROW(merge_shards(other), files::FileFormatError);
  other = parts();
  other[1].report.seed = 6;
  other[1].report.stopped_early = true;
  EXPECT_THROW(merge_shards(other), files::FileFormatError) << "also of one that ended early";
  other.insert(other.begin() + 1, parts()[1]);
  EXPECT_THROW(merge_shards(other), files::FileFormatError) << "also of one that another stands for";
}

TEST_F(MergedParts, AreReadAsTheyWereWritten) {
  const nlohmann::ordered_json json = shard_json(parts()[0]);
  const std::string text = nlohmann::ordered_json{{"kernels", {{{"shard", json}}}}}.dump();
  EXPECT_EQ(shard_json(parse_shards(text).front()), json);
}

TEST_F(MergedParts, AreRefusedWhereTheyAreNone) {
  const nlohmann::ordered_json good{{"kernels", {{{"shard", shard_json(parts()[0])}}}}};
  const auto refused = [](const nlohmann::ordered_json& json, const std::string& says) {
    try {
      parse_shards(json.dump());
      ADD_FAILURE() << "taken: " << says;
    } catch (const files::FileFormatError& error) {
      EXPECT_NE(std::string(error.what()).find(says), std::string::npos) << error.what();
      EXPECT_LT(std::string(error.what()).size(), 200U);
    }
  };
  const auto changed = [&](const char* at, const nlohmann::ordered_json& value) {
    nlohmann::ordered_json json = good;
    json[nlohmann::ordered_json::json_pointer(at)] = value;
    return json;
  };
  EXPECT_THROW(parse_shards("{"), files::FileFormatError);
  EXPECT_THROW(parse_shards(std::string(100'000, '[')), files::FileFormatError);
  refused(nlohmann::ordered_json::array(), "must be the JSON of attest check --shard");
  refused({{"kernels", {nlohmann::ordered_json::object()}}}, "is written by attest check --shard");
  refused(changed("/kernels/0/shard/shard/index", 9), "is no part of a whole");
  refused(changed("/kernels/0/shard/events/0/family", 99), "must be cases of the campaign");
  refused(changed("/kernels/0/shard/events/0/number", std::int64_t{1} << 60), "must be an integer");
  refused(changed("/kernels/0/shard/events/0/checked/laws/0/law", "no law"), "is no law on kernels");
  refused(changed("/kernels/0/shard/events/0/checked/laws/0/outcome/standing", 1),
          "is broken without a breach");
  refused(changed("/kernels/0/shard/events/0/checked/out/ratios/bins", {{400, 1}}),
          "has a bin that there is not");
  refused(changed("/kernels/0/shard/report/info/name", "a\x1b[2J"), "on one line");
  refused(changed("/kernels/0/shard/report/families", nlohmann::ordered_json::array()), "families");
  refused(changed("/kernels/0/shard/report/coverage/features/0/cases", nlohmann::ordered_json::array()),
          "a number of cases for each shape");
  refused(changed("/kernels/0/shard/report/seconds", "soon"), "must be a number");
}

// What the fuzzer does, a little of it: bytes changed, left out and doubled.
TEST_F(MergedParts, AreReadOrRefusedWhateverChanges) {
  ShardRecord small = parts()[0];
  small.events.resize(2);
  const std::string text = nlohmann::ordered_json{{"kernels", {{{"shard", shard_json(small)}}}}}.dump();
  Draw draw(rc::Random(1));
  std::int64_t taken = 0;
  for (int round = 0; round < 400; ++round) {
    std::string changed = text;
    const auto at = static_cast<std::size_t>(draw.between(0, static_cast<std::int64_t>(text.size()) - 1));
    const auto length = static_cast<std::size_t>(draw.between(1, 12));
    if (round % 3 == 0) changed[at] = static_cast<char>(draw.between(0, 255));
    if (round % 3 == 1) changed.erase(at, length);
    if (round % 3 == 2) changed.insert(at, text.substr(at, length));
    try {
      merge_shards(parse_shards(changed));
      ++taken;
    } catch (const files::FileFormatError& error) {
      EXPECT_LT(std::string(error.what()).size(), 400U);
    }
  }
  EXPECT_GT(taken, 0) << "a changed digit is another count";
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
