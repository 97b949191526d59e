// The forms of the oneDNN composition: each is taken and within the contract.
#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/adapters/registry.hpp"
#include "kernel/in_process/in_process.hpp"
#include "onednn_support.hpp"
#include "oracle/judge/judge.hpp"

namespace attest::onednn_tests {
namespace {

class InForms {
 public:
  kernel::RunOutcome run(std::size_t form, const Problem& p) {
    EXPECT_TRUE(onednn_->set_form(form));
    return kernel_.run(p, {});
  }
  oracle::Judgement judged(const Problem& p, const Result& result) const {
    return oracle::judge(p, result, oracle::contract_for(kernel_.info().contract, p.q.dtype(), p.k.dtype()));
  }
  bool set_form(std::size_t form) { return onednn_->set_form(form); }

 private:
  std::shared_ptr<kernel::Implementation> onednn_ = kernel::onednn_adapter().open("");
  kernel::InProcessKernel kernel_{
      onednn_->info(), [this](const attest_forward& problem) { return onednn_->forward(problem); }};
};

const std::vector<std::string>& names() {
  static const std::vector<std::string> all = kernel::onednn_adapter().forms.names("");
  return all;
}

TEST(OnednnForms, AreAllTakenAndRight) {
  InForms kernel;
  EXPECT_EQ(std::set<std::string>(names().begin(), names().end()).size(), 16U);
  EXPECT_EQ(names()[0], "scale as post-operation; mask by addition; matrices as given; softmax_v2");
  for (std::size_t form = 0; form < names().size(); ++form) {
    Draw draw(rc::Random(form + 1));
    for (int n = 0; n < 6; ++n) {
      const Problem p = kernel::onednn_adapter().forms.draw("", form, draw);
      ASSERT_EQ(why_invalid(p), "");
      const kernel::RunOutcome outcome = kernel.run(form, p);
      if (p.q.dtype() == DType::bf16 && outcome.status == kernel::RunStatus::unsupported)
        continue;  // AVX-512
      ASSERT_EQ(outcome.status, kernel::RunStatus::ok) << names()[form] << " " << outcome.detail;
      EXPECT_FALSE(kernel.judged(p, outcome.result).violated()) << names()[form] << " " << describe(p);
    }
  }
  EXPECT_FALSE(kernel.set_form(names().size()));
}

TEST(OnednnForms, ASummedMaskIsPassedAndNeedsOne) {
  InForms kernel;
  const std::vector<std::string>& all = names();
  const auto summed = static_cast<std::size_t>(
      std::find(all.begin(), all.end(),
                "scale as post-operation; mask by sum; matrices as given; softmax_v2") -
      all.begin());
  ASSERT_LT(summed, all.size());
  Problem p = zeros({1, 2, 1, 2, 3, 1, 1});
  for (std::int64_t j = 0; j < 3; ++j) p.v.set({0, 0, j, 0}, static_cast<double>(j + 1));
  EXPECT_EQ(kernel.run(summed, p).status, kernel::RunStatus::unsupported);
  p.bias = Tensor(DType::f32, {1, 2, 1, 3});
  p.bias->assign({0, -HUGE_VAL, -HUGE_VAL, -HUGE_VAL, -HUGE_VAL, 5});
  const kernel::RunOutcome outcome = kernel.run(summed, p);
  ASSERT_EQ(outcome.status, kernel::RunStatus::ok) << outcome.detail;
  for (std::int64_t i = 0; i < 2; ++i) {
    EXPECT_EQ(outcome.result.out.at({0, 0, i, 0}), 1);
    EXPECT_EQ(outcome.result.out.at({0, 1, i, 0}), 3);
  }
}

}  // namespace
}  // namespace attest::onednn_tests
