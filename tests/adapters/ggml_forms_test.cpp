// The forms of ggml_flash_attn_ext: views of q, k and v, masks that heads or batches take in turn, and what
// goes with them.
#include <algorithm>
#include <set>

#include "ggml_support.hpp"
#include "oracle/contract/questions.hpp"

namespace attest::kernel {
namespace {

// The best library with one cache, asked in forms in this process.
class InForms {
 public:
  explicit InForms(std::string variant)
      : variant_(std::move(variant)),
        ggml_(ggml_adapter().open(variant_)),
        kernel_(ggml_->info(),
                [ggml = ggml_](const attest_forward& problem) { return ggml->forward(problem); }),
        names_(ggml_adapter().forms.names(variant_)) {}

  const std::vector<std::string>& names() const { return names_; }
  oracle::ContractSet contract(const Problem& p) const {
    return oracle::contract_for(kernel_.info().contract, p.q.dtype(), p.k.dtype());
  }
  Problem draw(std::size_t form, Draw& draw) const {
    Problem p = ggml_adapter().forms.draw(variant_, form, draw);
    const oracle::ContractSet judged = contract(p);
    return stored(std::move(p), oracle::kv_storage(judged));
  }
  RunOutcome run(std::size_t form, const Problem& p) {
    EXPECT_TRUE(ggml_->set_form(form));
    return kernel_.run(p, {});
  }
  RunOutcome run(const std::string& form, const Problem& p) {
    const auto found = std::find(names_.begin(), names_.end(), form);
    EXPECT_NE(found, names_.end()) << form;
    return run(static_cast<std::size_t>(found - names_.begin()), p);
  }

 private:
  std::string variant_;
  std::shared_ptr<Implementation> ggml_;
  InProcessKernel kernel_;
  std::vector<std::string> names_;
};

// "With a softcap, padded keys count" (docs/findings.md).
bool known_departure(const Problem& p) {
  return p.softcap > 0 && !p.mask && p.q_len() >= 64 && p.kv_len() % 64 != 0;
}

TEST(GgmlForms, AreAllTakenAndRight) {
  std::int64_t right = 0;
  for (const std::string& variant :
       {testing_ggml::best_cpu(), std::string("q8_0"), std::string("q5_1"), std::string("q8_0-f16")}) {
    InForms kernel(variant);
    const bool one_type = variant.find('-') == std::string::npos;
    EXPECT_EQ(std::set<std::string>(kernel.names().begin(), kernel.names().end()).size(),
              one_type ? 96U : 84U);
    for (std::size_t form = 0; form < kernel.names().size(); ++form) {
      Draw draw(rc::Random(form + 1));
      const Problem p = kernel.draw(form, draw);
      ASSERT_EQ(why_invalid(p), "");
      const RunOutcome outcome = kernel.run(form, p);
      ASSERT_EQ(outcome.status, RunStatus::ok) << kernel.names()[form] << " " << outcome.detail;
      if (known_departure(p)) continue;
      EXPECT_FALSE(oracle::judge(p, outcome.result, kernel.contract(p)).violated())
          << variant << " " << kernel.names()[form] << " " << describe(p);
      ++right;
    }
  }
  EXPECT_GT(right, 350);
}

// One tensor: a value that is not the key's first channels cannot be passed that way.
TEST(GgmlForms, TakeValuesThatAreChannelsOfTheKeys) {
  for (const std::string& variant : {testing_ggml::best_cpu(), std::string("iq4_nl")}) {
    InForms kernel(variant);
    Problem p = testing_ggml::constant_problem({.kv_len = 2, .qk_dim = 64, .v_dim = 32}, 0);
    for (std::int64_t c = 0; c < 64; ++c) {
      p.k.set({0, 0, 0, c}, c < 32 ? 113 : 5);
      p.k.set({0, 0, 1, c}, c < 32 ? 13 : 7);
    }
    p.k.set({0, 0, 0, 0}, -127);
    p.k.set({0, 0, 1, 0}, -127);
    p.k = stored(p.k, oracle::kv_storage(kernel.contract(p)).k);
    for (std::int64_t j = 0; j < 2; ++j) {
      for (std::int64_t c = 0; c < 32; ++c) p.v.set({0, 0, j, c}, p.k.at({0, 0, j, c}));
    }
    const RunOutcome outcome = kernel.run("v in k; no mask", p);
    ASSERT_EQ(outcome.status, RunStatus::ok) << variant << " " << outcome.detail;
    EXPECT_EQ(outcome.result.out.at({0, 0, 0, 0}), -127) << variant;
    EXPECT_EQ(outcome.result.out.at({0, 0, 0, 31}), 63) << variant;
    p.v.set({0, 0, 1, 31}, 1);
    EXPECT_EQ(kernel.run("v in k; no mask", p).status, RunStatus::unsupported) << variant;
  }
}

// Head h takes mask h % ne32: the first two and the last two heads of four share masks.
TEST(GgmlForms, TakeTheMasksOfHeadsInTurn) {
  InForms kernel(testing_ggml::best_cpu());
  Problem p = testing_ggml::constant_problem({.q_heads = 4, .kv_heads = 1, .kv_len = 2}, 0);
  for (std::int64_t c = 0; c < p.v_dim(); ++c) p.v.set({0, 0, 1, c}, 1);
  p.mask = Tensor(DType::u8, {1, 4, 1, 2});
  for (std::int64_t h = 0; h < 4; ++h) p.mask->set({0, h, 0, h % 2}, 1);
  const RunOutcome outcome = kernel.run("dense; masks of heads in turn", p);
  ASSERT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
  for (std::int64_t h = 0; h < 4; ++h)
    EXPECT_EQ(outcome.result.out.at({0, h, 0, 0}), static_cast<double>(h % 2)) << h;
  p.mask->set({0, 3, 0, 0}, 1);  // no longer head 1's
  EXPECT_EQ(kernel.run("dense; masks of heads in turn", p).status, RunStatus::unsupported);
  EXPECT_EQ(kernel.run("dense; mask", p).status, RunStatus::ok);
  EXPECT_EQ(kernel.run("dense; no mask", p).status, RunStatus::unsupported);
}

}  // namespace
}  // namespace attest::kernel
