// The forms of ai.onnx Attention: every one has a problem, and what the runtime makes of it is judged.
#include <algorithm>
#include <set>

#include "kernel/adapters/onnxruntime/attention_form.hpp"
#include "kernel/adapters/onnxruntime/form_call.hpp"
#include "onnxruntime_support.hpp"

namespace attest::kernel {
namespace {

using onnxruntime::AttentionForm;
using onnxruntime::Element;
using onnxruntime::MaskKind;
using onnxruntime::Past;
using testing_onnxruntime::judge_outcome;

// A variant that is asked in forms, in this process.
class InForms {
 public:
  explicit InForms(const std::string& variant)
      : operators_(kernel::onnxruntime_adapter().open(variant)),
        kernel_(std::make_unique<InProcessKernel>(operators_->info(),
                                                  [operators = operators_](const attest_forward& problem) {
                                                    return operators->forward(problem);
                                                  })) {
    names_ = onnxruntime_adapter().forms.names(variant);
  }

  RunOutcome run(const std::string& form, const Problem& problem) {
    const auto found = std::find(names_.begin(), names_.end(), form);
    EXPECT_NE(found, names_.end()) << form;
    operators_->set_form(static_cast<std::size_t>(found - names_.begin()));
    return kernel_->run(problem, {});
  }
  bool violated(const Problem& problem, const RunOutcome& outcome) const {
    return judge_outcome(*kernel_, problem, outcome).violated();
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::shared_ptr<Implementation> operators_;
  std::unique_ptr<Kernel> kernel_;
  std::vector<std::string> names_;
};

Draw draw_of(std::uint64_t seed) { return Draw(rc::Random(seed)); }

bool is_expressed(const Problem& p, const AttentionForm& form) {
  bool expressed = false;
  InProcessKernel reader({}, [&](const attest_forward& problem) {
    expressed = onnxruntime::call_in_form(problem, form).has_value();
    return static_cast<int>(ATTEST_UNSUPPORTED);
  });
  reader.run(p, {});
  return expressed;
}

TEST(OnnxRuntimeForms, AreDifferentAndHaveAProblemEach) {
  std::set<std::string> names;
  for (const AttentionForm& form : onnxruntime::attention_forms({23, 24, 25})) {
    EXPECT_TRUE(names.insert(name_of(form)).second) << name_of(form);
    bool drawn = false;
    Draw draw = draw_of(names.size());
    for (int tried = 0; tried < 8 && !drawn; ++tried) {
      const Problem p = draw_problem(form, draw);
      ASSERT_EQ(why_invalid(p), "") << name_of(form);
      drawn = is_expressed(p, form);
    }
    EXPECT_TRUE(drawn) << name_of(form);
  }
}

// A few by hand: what the structures multiply out to.
TEST(OnnxRuntimeForms, AreEveryStructureWithEveryScoreOutput) {
  const std::vector<AttentionForm> forms = onnxruntime::attention_forms({24});
  const auto plain_with_scores = [](const AttentionForm& f) {
    return f.scores == 0 && f.element == Element::f32 && !f.softcap && !f.scale && f.softmax_precision == 0 &&
           f.mask_extents == onnxruntime::MaskExtents::full;
  };
  // Rank, past or lengths, kind and rank of the mask, is_causal.
  EXPECT_EQ(std::count_if(forms.begin(), forms.end(), plain_with_scores), 2 * 5 * (1 + 2 * 4) * 2);
}

TEST(OnnxRuntimeForms, AreRightOrRefusedOrADepartureThatIsKnown) {
  constexpr std::size_t kStep = 13;  // a sample; `attest check --effort ci` asks all
  std::int64_t right = 0, refused = 0, wrong = 0;
  for (const std::string variant : {"attention-23", "attention-24"}) {
    InForms kernel(variant);
    const auto forms = onnxruntime::attention_forms(
        variant == "attention-23" ? std::vector<std::int64_t>{23} : std::vector<std::int64_t>{24, 25});
    ASSERT_EQ(forms.size(), kernel.names().size());
    for (std::size_t at = 0; at < forms.size(); at += kStep) {
      Draw draw = draw_of(at);
      const Problem p = draw_problem(forms[at], draw);
      const RunOutcome outcome = kernel.run(name_of(forms[at]), p);
      if (outcome.status == RunStatus::unsupported) continue;
      if (outcome.status == RunStatus::failed) {
        EXPECT_EQ(outcome.code, kFormRefused);
        ++refused;
        continue;
      }
      ASSERT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
      if (!kernel.violated(p, outcome)) {
        ++right;
        continue;
      }
      ++wrong;
      const bool hidden_scores = forms[at].scores == 2;
      const bool lost_causality = forms[at].causal && forms[at].past != Past::none && p.q_len() == 1;
      const bool function_body = forms[at].element == Element::f64;
      EXPECT_TRUE(hidden_scores || lost_causality || function_body) << name_of(forms[at]);
    }
  }
  EXPECT_GT(right, 100);
  EXPECT_GT(refused, 20);
  EXPECT_GT(wrong, 0);
}

Problem one_score(double q, double k, std::int64_t keys) {
  Problem p;
  p.q = Tensor(DType::f32, {keys, 1, 1, 1});
  p.k = Tensor(DType::f32, {keys, 1, 1, 1});
  p.v = Tensor(DType::f32, {keys, 1, 1, 1});
  for (std::int64_t j = 0; j < keys; ++j) {
    p.q.set({j, 0, 0, 0}, q);
    p.k.set({j, 0, 0, 0}, k);
    p.v.set({j, 0, 0, 0}, 1);
  }
  return p;
}

// "The output of qk matmul"; after the softcap; after the mask.
TEST(OnnxRuntimeForms, ReturnTheScoreOfEachModeAsLse) {
  InForms kernel("attention-23");
  const std::string plain = "opset 23; 4D; float32; no past; no mask; ";
  Problem p = one_score(3, 3, 2);
  RunOutcome outcome = kernel.run(plain + "softcap; score output", p);
  ASSERT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
  EXPECT_EQ(outcome.result.lse->at({1, 0, 0}), 9);
  EXPECT_FALSE(kernel.violated(p, outcome));
  Problem capped = p;
  capped.softcap = 0.5;
  outcome = kernel.run(plain + "softcap; qk_matmul_output_mode=1; score output", capped);
  ASSERT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
  EXPECT_EQ(outcome.result.lse->at({1, 0, 0}), 0.5);
  EXPECT_FALSE(kernel.violated(capped, outcome));
  EXPECT_TRUE(kernel.violated(p, outcome));  // as the score before the softcap
  EXPECT_EQ(kernel.run(plain + "qk_matmul_output_mode=2; score output", capped).status,
            RunStatus::unsupported);
}

// The last key is not seen by causality: expected -inf, got the lowest number (docs/findings.md).
TEST(OnnxRuntimeForms, ShowThatHiddenScoresAreTheLowestNumber) {
  InForms kernel("attention-23");
  Problem p = one_score(0, 0, 2);
  p.mask = Tensor(DType::u8, {2, 1, 1, 1});
  p.mask->set({0, 0, 0, 0}, 1);
  const RunOutcome outcome = kernel.run(
      "opset 23; 4D; float32; no past; no mask; is_causal; qk_matmul_output_mode=2; score output", p);
  ASSERT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
  EXPECT_EQ(outcome.result.lse->at({0, 0, 0}), 0);
  EXPECT_EQ(outcome.result.lse->at({1, 0, 0}), -3.4028234663852886e38);
  EXPECT_TRUE(kernel.violated(p, outcome));
}

// A problem that says something else than the form's own rule is not asked.
TEST(OnnxRuntimeForms, DeclineProblemsThatTheyDoNotExpress) {
  InForms kernel("attention-24");
  const AttentionForm causal{.opset = 24, .causal = true};
  Draw draw = draw_of(1);
  Problem p = draw_problem(causal, draw);
  EXPECT_EQ(kernel.run(name_of(causal), p).status, RunStatus::ok);
  p.causal = Causal::none;
  EXPECT_EQ(kernel.run(name_of(causal), p).status, RunStatus::unsupported);
  const AttentionForm masked{.opset = 24, .mask = MaskKind::boolean, .mask_rank = 2};
  p = draw_problem(masked, draw);
  p.mask = Tensor(DType::u8, {1, p.q_heads(), p.q_len(), p.kv_len()});
  if (p.q_heads() > 1) {
    EXPECT_EQ(kernel.run(name_of(masked), p).status, RunStatus::unsupported);
  }
}

}  // namespace
}  // namespace attest::kernel
