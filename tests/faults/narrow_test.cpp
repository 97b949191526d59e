// Narrow kernels: each gate admits and declines what it says, and each fault shows inside its gate.

#include <cmath>
#include <functional>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "faults/kernels/gate.hpp"
#include "forward_problem.hpp"
#include "special_problems.hpp"

namespace attest::faults {
namespace {

using test::plain_problem;

Problem changed(Problem p, const std::function<void(Problem&)>& change) {
  change(p);
  return p;
}

Tensor lengths(std::initializer_list<double> of) {
  Tensor t(DType::i32, {static_cast<std::int64_t>(of.size())});
  t.assign(of);
  return t;
}

Tensor sink() {
  Tensor t(DType::f32, {2});
  t.assign({0.5, -0.25});
  return t;
}

// Inside every gate's region there is a problem that shows each of its faults.
Problem accepted(Gate gate) {
  switch (gate) {
    case Gate::tile64:
      return changed(
          plain_problem({.q_heads = 2, .kv_heads = 2, .q_len = 64, .kv_len = 128, .qk_dim = 64, .v_dim = 64},
                        DType::f32),
          [](Problem& p) {
            p.sink = sink();
            p.kv_lens = lengths({77});
          });
    case Gate::equal_causal:
      return changed(plain_problem({.q_len = 5, .kv_len = 5, .qk_dim = 128, .v_dim = 128}, DType::f16),
                     [](Problem& p) { p.causal = Causal::top_left; });
    case Gate::decode:
      return changed(plain_problem({.batch = 2, .kv_len = 9, .qk_dim = 128, .v_dim = 128}, DType::bf16),
                     [](Problem& p) {
                       p.kv_lens = lengths({9, 4});
                     });
    case Gate::f16_cache:
      return plain_problem({.q_len = 3, .kv_len = 70, .qk_dim = 8, .v_dim = 8}, DType::f32, DType::f16);
    case Gate::one_scale:
      return changed(
          plain_problem({.q_heads = 6, .kv_heads = 2, .q_len = 3, .kv_len = 5, .qk_dim = 7}, DType::f64),
          [](Problem& p) { p.scale = 0.125; });
    case Gate::grouped:
      return plain_problem({.q_heads = 6, .kv_heads = 3, .q_len = 2, .kv_len = 5, .qk_dim = 4}, DType::f32);
    case Gate::single_key:
      return plain_problem({.batch = 2, .q_heads = 2, .q_len = 2, .v_dim = 3}, DType::f32);
    case Gate::plain_causal:
      return changed(
          plain_problem({.batch = 2, .q_len = 4, .kv_len = 4, .qk_dim = 76, .v_dim = 76}, DType::f32),
          [](Problem& p) {
            p.causal = Causal::bottom_right;
            p.scale = 1 / std::sqrt(76.0);
            p.want_lse = false;
          });
  }
  return {};
}

// One step out of the region.
std::vector<Problem> declined(Gate gate) {
  const Problem in = accepted(gate);
  const auto out = [&](const std::function<void(Problem&)>& change) { return changed(in, change); };
  const auto not_causal = [](Problem& p) { p.causal = Causal::none; };
  const auto windowed = [](Problem& p) { p.window_left = 3; };
  switch (gate) {
    case Gate::tile64:
      return {plain_problem({.q_len = 63, .kv_len = 64, .qk_dim = 64, .v_dim = 64}, DType::f32),
              plain_problem({.q_len = 64, .kv_len = 65, .qk_dim = 64, .v_dim = 64}, DType::f32),
              plain_problem({.q_len = 64, .kv_len = 64, .qk_dim = 64, .v_dim = 63}, DType::f32),
              plain_problem({.q_len = 64, .kv_len = 64, .qk_dim = 128, .v_dim = 128}, DType::f32)};
    case Gate::equal_causal:
      return {out(not_causal),
              changed(plain_problem({.q_len = 5, .kv_len = 6, .qk_dim = 64, .v_dim = 64}, DType::f32),
                      [](Problem& p) { p.causal = Causal::bottom_right; }),
              changed(plain_problem({.q_len = 5, .kv_len = 5, .qk_dim = 96, .v_dim = 96}, DType::f32),
                      [](Problem& p) { p.causal = Causal::bottom_right; })};
    case Gate::decode:
      return {out([](Problem& p) { p.kv_lens.reset(); }),
              changed(plain_problem({.q_len = 2, .kv_len = 9, .qk_dim = 128, .v_dim = 128}, DType::bf16),
                      [](Problem& p) { p.kv_lens = lengths({4}); }),
              changed(plain_problem({.kv_len = 9, .qk_dim = 128, .v_dim = 128}, DType::f16),
                      [](Problem& p) { p.kv_lens = lengths({4}); }),
              changed(plain_problem({.kv_len = 9, .qk_dim = 64, .v_dim = 64}, DType::bf16),
                      [](Problem& p) { p.kv_lens = lengths({4}); })};
    case Gate::f16_cache:
      return {plain_problem({.kv_len = 3}, DType::f32), plain_problem({.kv_len = 3}, DType::f16),
              plain_problem({.kv_len = 3}, DType::f32, DType::bf16)};
    case Gate::one_scale:
      return {out([](Problem& p) { p.scale = std::nextafter(0.125, 1); })};
    case Gate::grouped:
      return {plain_problem({.q_heads = 3, .kv_heads = 3, .kv_len = 5}, DType::f32)};
    case Gate::single_key:
      return {plain_problem({.kv_len = 2}, DType::f32),
              out(windowed),
              out([](Problem& p) { p.causal = Causal::top_left; }),
              out([](Problem& p) { p.sink = sink(); }),
              out([](Problem& p) { p.softcap = 2; }),
              out([](Problem& p) {
                p.kv_lens = lengths({1, 1});
              })};
    case Gate::plain_causal:
      return {out(not_causal),
              out(windowed),
              out([](Problem& p) { p.want_lse = true; }),
              out([](Problem& p) { p.scale *= 1.001; }),
              changed(plain_problem({.kv_len = 4, .qk_dim = 4, .v_dim = 4}, DType::f64),
                      [](Problem& p) {
                        p.causal = Causal::bottom_right;
                        p.scale = 0.5;
                        p.want_lse = false;
                      }),
              changed(plain_problem({.kv_len = 4, .qk_dim = 4, .v_dim = 5}, DType::f32), [](Problem& p) {
                p.causal = Causal::bottom_right;
                p.scale = 0.5;
                p.want_lse = false;
              })};
  }
  return {};
}

struct Answer {
  int status = 0;
  std::vector<double> out;
};

Answer answer_of(NarrowKernel kernel, const Problem& p) {
  test::ForwardProblem problem(p);
  const int status = faulty::narrow_forward(problem.forward(), kernel);
  return {status, problem.out()};
}

std::vector<double> right(const Problem& p) {
  test::ForwardProblem problem(p);
  EXPECT_EQ(faulty::forward(problem.forward(), KernelFault::none), ATTEST_OK);
  return problem.out();
}

class Narrow : public testing::TestWithParam<NarrowKernelEntry> {};

TEST_P(Narrow, AnswersInsideItsRegion) {
  const NarrowKernelEntry& entry = GetParam();
  const Problem p = accepted(entry.gate);
  const Answer got = answer_of(entry.kernel, p);
  ASSERT_EQ(got.status, ATTEST_OK) << describe(p);
  if (entry.fault == KernelFault::none)
    EXPECT_EQ(got.out, right(p)) << describe(p);
  else
    EXPECT_NE(got.out, right(p)) << describe(p);
}

TEST_P(Narrow, DeclinesOneStepOutside) {
  const NarrowKernelEntry& entry = GetParam();
  for (const Problem& p : declined(entry.gate)) {
    EXPECT_EQ(why_invalid(p), "");
    EXPECT_EQ(answer_of(entry.kernel, p).status, ATTEST_UNSUPPORTED) << describe(p);
  }
}

TEST_P(Narrow, HasDtypesThatItsGateAdmits) {
  const NarrowKernelEntry& entry = GetParam();
  const Problem p = accepted(entry.gate);
  EXPECT_TRUE(admits(entry.gate, DTypes{p.q.dtype(), p.k.dtype()}));
  if (entry.fault != KernelFault::none) {
    EXPECT_TRUE(shows(entry_of(entry.fault), {p.q.dtype(), p.k.dtype()}));
  }
}

INSTANTIATE_TEST_SUITE_P(Kernels, Narrow, testing::ValuesIn(narrow_catalogue()),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(NarrowCatalogue, HasAControlAndAFaultBehindEachGate) {
  std::map<Gate, std::set<bool>> kinds;
  for (const NarrowKernelEntry& entry : narrow_catalogue()) {
    kinds[entry.gate].insert(entry.fault == KernelFault::none);
    EXPECT_FALSE(meaning_of(entry.gate).empty());
  }
  EXPECT_EQ(kinds.size(), 8U);
  for (const auto& [gate, both] : kinds) EXPECT_EQ(both.size(), 2U) << meaning_of(gate);
}

// decode: the gate's dtypes are those that it admits problems of, over all pairs.
TEST(NarrowCatalogue, AgreesWithTheGatesOnDtypes) {
  const std::vector<DType> all{DType::f64, DType::f32, DType::f16, DType::bf16};
  for (const NarrowKernelEntry& entry : narrow_catalogue()) {
    const Problem in = accepted(entry.gate);
    for (const DType q : all) {
      for (const DType kv : all) {
        Problem p = in;
        p.q = Tensor(q, in.q.shape());
        p.k = Tensor(kv, in.k.shape());
        p.v = Tensor(kv, in.v.shape());
        test::ForwardProblem problem(p);
        const bool taken = faulty::admits(entry.gate, problem.forward());
        EXPECT_EQ(taken, admits(entry.gate, DTypes{q, kv})) << entry.name << " " << describe(p);
      }
    }
  }
}

}  // namespace
}  // namespace attest::faults
