// NaN past kv_lens: a defect, unless a document or the contract says that kv_lens are had as a mask.

#include <cmath>

#include <gtest/gtest.h>

#include "laws/evaluate.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

// One row, one key and one padded key, all 0.
Problem padded() {
  Problem p;
  p.q = Tensor(DType::f32, {1, 1, 1, 1});
  p.k = Tensor(DType::f32, {1, 1, 2, 1});
  p.v = Tensor(DType::f32, {1, 1, 2, 1});
  p.kv_lens = Tensor(DType::i32, {1});
  p.kv_lens->assign({1});
  return p;
}

// The same with a mask in place of the length.
Problem masked() {
  Problem p = padded();
  p.kv_lens.reset();
  p.mask = Tensor(DType::u8, {1, 1, 1, 2});
  p.mask->assign({1, 0});
  return p;
}

// A correct kernel, but for what the second value does to the output.
class Reader : public test::ScriptedKernel {
 public:
  explicit Reader(double (*effect)(double value), const std::string& document = "")
      : ScriptedKernel([](const Problem&, const kernel::RunOptions&) { return std::nullopt; }) {
    info_.kv_lens_by_mask = document;
    after = [effect](const Problem& p, kernel::RunOutcome& outcome) {
      if (outcome.status == kernel::RunStatus::ok)
        outcome.result.out.set({0, 0, 0, 0}, effect(p.v.at({0, 0, 1, 0})));
    };
  }
};

double weight_zero(double value) { return 0 * value; }
double unread(double /*value*/) { return 0; }
double minus_one_for_nan(double value) { return std::isnan(value) ? -1 : 0; }

laws::LawOutcome put_to(kernel::Kernel& kernel, const Problem& p, const std::string& contract = "") {
  const oracle::ContractSet set = oracle::contract_for(contract, DType::f32, DType::f32);
  laws::Subject subject(kernel, p, set, {});
  return laws::evaluate(*laws::find_law("poison"), subject);
}

laws::LawOutcome poison(Reader kernel, const Problem& p, const std::string& contract = "") {
  return put_to(kernel, p, contract);
}

using Notes = std::vector<std::string>;

TEST(Poison, BreaksAKernelThatReadsPastKvLens) {
  const laws::LawOutcome outcome = poison(Reader(weight_zero), padded());
  ASSERT_EQ(outcome.standing, laws::LawStanding::broken);
  EXPECT_EQ(outcome.breach->kind, laws::FindingKind::nan);
  EXPECT_TRUE(outcome.notes.empty());
  EXPECT_EQ(poison(Reader(weight_zero), padded(), "f32;kv_lens=skip").standing, laws::LawStanding::broken);
  EXPECT_EQ(poison(Reader(minus_one_for_nan), padded()).standing, laws::LawStanding::broken);
  EXPECT_EQ(poison(Reader(unread), padded()).standing, laws::LawStanding::held);
}

TEST(Poison, IsReportedWhereADocumentSaysThatKvLensAreAMask) {
  const laws::LawOutcome outcome = poison(Reader(weight_zero, "the manual, page 7"), padded());
  EXPECT_EQ(outcome.standing, laws::LawStanding::held);
  EXPECT_EQ(outcome.notes,
            (Notes{"NaN at and past kv_lens reaches the output (documented: the manual, page 7)",
                   "infinity at and past kv_lens reaches the output (documented: the manual, page 7)"}));
}

TEST(Poison, IsReportedWhereTheContractSaysSo) {
  const laws::LawOutcome outcome = poison(Reader(weight_zero), padded(), "f32;kv_lens=mask");
  EXPECT_EQ(outcome.standing, laws::LawStanding::held);
  ASSERT_EQ(outcome.notes.size(), 2U);
  EXPECT_EQ(outcome.notes[0],
            "NaN at and past kv_lens reaches the output (documented: contract kv_lens=mask)");
  EXPECT_THROW(oracle::parse_contract("f32;kv_lens=perhaps"), oracle::ContractError);
}

TEST(Poison, SaysOfAMaskingKernelThatItDoesNotRead) {
  const laws::LawOutcome outcome = poison(Reader(unread, "the manual"), padded());
  EXPECT_EQ(outcome.standing, laws::LawStanding::held);
  EXPECT_EQ(outcome.notes, (Notes{"NaN at and past kv_lens does not reach the output",
                                  "infinity at and past kv_lens does not reach the output"}));
}

TEST(Poison, SeesBehindMasksWhatMakesANumberWrong) {
  const laws::LawOutcome outcome = poison(Reader(minus_one_for_nan), masked());
  EXPECT_EQ(outcome.standing, laws::LawStanding::held);
  EXPECT_EQ(outcome.notes,
            (Notes{"NaN in keys hidden by mask, window or causality reaches the output",
                   "infinity in keys hidden by mask, window or causality does not reach the output"}));
}

// What is documented is where NaN may go, and nothing else.
TEST(Poison, StillBreaksADocumentedKernelThatDoesNotAnswer) {
  Reader kernel(unread, "the manual");
  kernel.after = [](const Problem& p, kernel::RunOutcome& outcome) {
    if (std::isnan(p.v.at({0, 0, 1, 0})))
      outcome = test::ends_with(kernel::RunStatus::crashed, 11, "signal 11");
  };
  EXPECT_EQ(put_to(kernel, padded()).standing, laws::LawStanding::broken);
}

}  // namespace
}  // namespace attest::check
