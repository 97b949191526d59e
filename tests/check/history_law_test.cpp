// The laws on calls that follow one another: history and repeat.

#include <functional>
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "law_problems.hpp"
#include "laws/evaluate.hpp"
#include "plain_kernel.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

using laws::LawStanding;
using oracle::contract_for;
using test::Fault;
using test::plain_kernel;

TEST(History, SeesResultsOfEarlierCalls) {
  const Problem p = problem(2, {1, 2, 5});
  const oracle::ContractSet set = contract_for("", DType::f32, DType::f32);
  // Keeps results by what it is asked to keep apart.
  const auto verdict = [&](const std::function<std::vector<std::byte>(const Problem&)>& key) {
    std::map<std::vector<std::byte>, kernel::RunOutcome> kept;
    const auto right = plain_kernel(Fault::none);
    test::ScriptedKernel kernel([&](const Problem& asked, const kernel::RunOptions& options) {
      const auto [entry, added] = kept.try_emplace(key(asked));
      if (added) entry->second = right->run(asked, options);
      return entry->second;
    });
    laws::Subject subject(kernel, p, set, {});
    return laws::evaluate(*laws::find_law("history"), subject);
  };
  const laws::LawOutcome stale = verdict([](const Problem&) { return std::vector<std::byte>{}; });
  ASSERT_EQ(stale.standing, LawStanding::broken);
  EXPECT_EQ(stale.breach->kind, laws::FindingKind::wrong_value);
  EXPECT_EQ(stale.breach->variant, "negated values after the same call");
  EXPECT_NE(stale.breach->summary.find("result of an earlier call"), std::string::npos);
  const auto scalars_and = [](const Problem& asked, std::vector<std::byte> kept) {
    for (const char c : fmt::format("{} {}", describe(asked), asked.scale)) kept.push_back(std::byte(c));
    if (asked.kv_lens) kept.insert(kept.end(), asked.kv_lens->bytes().begin(), asked.kv_lens->bytes().end());
    return kept;
  };
  const laws::LawOutcome stale_keys =
      verdict([&](const Problem& asked) { return scalars_and(asked, asked.v.bytes()); });
  ASSERT_EQ(stale_keys.standing, LawStanding::held) << "keys of zeros cannot show it";
  const laws::LawOutcome kept_rightly = verdict([&](const Problem& asked) {
    std::vector<std::byte> all = scalars_and(asked, asked.v.bytes());
    for (const Tensor* t : {&asked.k, &asked.q}) all.insert(all.end(), t->bytes().begin(), t->bytes().end());
    return all;
  });
  EXPECT_EQ(kept_rightly.standing, LawStanding::held);
  EXPECT_EQ(kept_rightly.bitwise, std::optional(true));
}

TEST(History, SeesThatCallsLeaveSomethingBehind) {
  const Problem p = problem(1, {1, 2});
  const oracle::ContractSet set = contract_for("", DType::f32, DType::f32);
  test::ScriptedKernel kernel([](const Problem&, const kernel::RunOptions&) { return std::nullopt; });
  const auto last = static_cast<std::int64_t>(1 + laws::find_law("history")->calls(p, set).size());
  std::int64_t calls = 0;
  kernel.after = [&](const Problem&, kernel::RunOutcome& outcome) {
    const double nudge = ++calls == last ? 0x1p-22 : 0;  // within any bound, and only the last call's
    outcome.result.out.set({0, 0, 0, 0}, outcome.result.out.at({0, 0, 0, 0}) + nudge);
  };
  laws::Subject subject(kernel, p, set, {});
  const laws::LawOutcome outcome = laws::evaluate(*laws::find_law("history"), subject);
  ASSERT_EQ(outcome.standing, LawStanding::broken);
  EXPECT_EQ(outcome.breach->kind, laws::FindingKind::nondeterministic);
}

// A program compiled for the first call's lengths, or scalars, and kept by its shapes.
TEST(History, SeesScalarsAndLengthsOfEarlierCalls) {
  Problem p = problem(2, {1, 2, 5, 3});
  p.q.assign({1, 2});
  p.k.assign({0.5, 0.25, 0.125, 1});
  const laws::LawOutcome lengths = put("history", p, Fault::lengths_of_first_call);
  ASSERT_EQ(lengths.standing, LawStanding::broken);
  EXPECT_EQ(lengths.breach->variant, "shorter kv_lens after full ones");
  const laws::LawOutcome scalars = put("history", p, Fault::scalars_of_first_call);
  ASSERT_EQ(scalars.standing, LawStanding::broken);
  EXPECT_EQ(scalars.breach->variant, "another scale after the same call");
  p.kv_lens = Tensor(DType::i32, {1});
  p.kv_lens->assign({3});
  EXPECT_EQ(put("history", p, Fault::lengths_of_first_call).breach->variant,
            "other kv_lens after the same call");
  p.q.assign({0, 0});  // only what is visible can show
  EXPECT_EQ(put("history", p, Fault::scalars_of_first_call).breach->variant,
            "another window to the left after the same call");
  for (const Causal causal : {Causal::none, Causal::top_left, Causal::bottom_right}) {
    p.causal = causal;
    EXPECT_EQ(put("history", p).standing, LawStanding::held);
  }
}

// Every call of the law changes what it says: no length, scalar or causality stays.
TEST(History, VariesWhatTheProblemHasOrMayHave) {
  Problem p = problem(2, {1, 2, 5, 3});
  p.window_left = std::numeric_limits<std::int64_t>::max();
  p.window_right = 0;
  p.scale = 0;
  p.causal = Causal::bottom_right;
  p.softcap = 3;
  int differing = 0;
  for (const auto& call : laws::find_law("history")->calls(p, contract_for("", DType::f32, DType::f32))) {
    EXPECT_EQ(why_invalid(call.problem), "") << call.variant;
    EXPECT_EQ(call.problem.q.shape(), p.q.shape());
    differing += call.problem.scale != 0 || call.problem.window_left != p.window_left ||
                         call.problem.window_right != 0 || call.problem.causal != p.causal ||
                         call.problem.softcap != 3 || call.problem.kv_lens
                     ? 1
                     : 0;
  }
  EXPECT_EQ(differing, 7);
}

TEST(Repeat, SeesTheFiveThousandthCallWhereSoManyAreAskedFor) {
  const Problem p = problem(1, {1, 2});
  const oracle::ContractSet set = contract_for("", DType::f32, DType::f32);
  const auto kernel = plain_kernel(Fault::garbage_from_call_5000);
  laws::Subject subject(*kernel, p, set, {});
  EXPECT_EQ(laws::evaluate(*laws::find_law("repeat"), subject).standing, LawStanding::held);
  const laws::LawOutcome outcome = laws::evaluate(*laws::find_law("repeat"), subject, 10'000);
  ASSERT_EQ(outcome.standing, LawStanding::broken);
  EXPECT_EQ(outcome.breach->kind, laws::FindingKind::nondeterministic);
  EXPECT_NE(outcome.breach->summary.find("identical calls"), std::string::npos) << outcome.breach->summary;
  const auto correct = plain_kernel(Fault::none);
  laws::Subject right(*correct, p, set, {});
  EXPECT_EQ(laws::evaluate(*laws::find_law("repeat"), right, 10'000).standing, LawStanding::held);
}

}  // namespace
}  // namespace attest::check
