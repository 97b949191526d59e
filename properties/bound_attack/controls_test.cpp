// The correct kernels of the fault library keep what they declare on the attack's inputs too.
#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "bound_attack/search/figures_json.hpp"
#include "faults/forward_problem.hpp"
#include "faults/kernels/tiled.hpp"

namespace attest::attack {
namespace {

using faults::faulty::KernelControl;

struct Control {
  KernelControl id;
  std::string_view name;
};

constexpr auto kControls = std::to_array<Control>({
#define CONTROL(id, sentence) {KernelControl::id, #id},
#include "faults/kernels/other_kernels.def"
});

void PrintTo(const Control& control, std::ostream* out) { *out << control.name; }

class EveryControl : public testing::TestWithParam<Control> {};

TEST_P(EveryControl, KeepsItsContractUnderAttack) {
  constexpr int kCases = 250;  // of each dtype
  const auto [control, name] = GetParam();
  const std::string declared = faults::faulty::contract_of(control);
  std::int64_t within = 0;
  for (const DType dtype : {DType::f32, DType::bf16, DType::f16}) {
    StreamChooser chooser(kSeed);
    for (int i = 0; i < kCases; ++i) {
      const CaseSpec spec = choose_case(chooser, oracle::parse_contract("f32"), dtype,
                                        i % 10 == 9 ? Size::many_keys : Size::few_keys);
      Problem drawn = make_problem(spec);
      drawn.want_lse = i % 2 == 0;  // one control takes none
      test::ForwardProblem problem(std::move(drawn));
      const int status = faults::faulty::forward(problem.forward(), faults::faulty::KernelFault::none,
                                                 faults::faulty::arithmetic_of(control));
      if (status == ATTEST_UNSUPPORTED) continue;
      ASSERT_EQ(status, ATTEST_OK);
      const Problem& p = problem.problem();
      const oracle::ContractSet contract = oracle::contract_for(declared, p.q.dtype(), p.k.dtype());
      const oracle::Judgement judgement = oracle::judge(p, problem.result(), contract, {.max_violations = 1});
      within += judgement.out.within;
      ASSERT_FALSE(judgement.violated())
          << contract.text << ": " << judgement.worst.ratio << " of the bound | " << spec;
    }
  }
  EXPECT_GT(within, 500);
}

INSTANTIATE_TEST_SUITE_P(Controls, EveryControl, testing::ValuesIn(kControls),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace attest::attack
