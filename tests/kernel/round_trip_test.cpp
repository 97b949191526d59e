// Every field of attest_forward reaches the kernel, and every byte it writes comes back: through a worker and
// in process alike.
#include <algorithm>
#include <functional>
#include <memory>

#include <dlfcn.h>
#include <gtest/gtest.h>

#include "echo_expectation.hpp"
#include "kernel/in_process/in_process.hpp"
#include "problems.hpp"

namespace attest::kernel {
namespace {

using namespace testing_kernels;

Tensor ramp(DType dtype, std::vector<std::int64_t> shape, double first) {
  Tensor tensor(dtype, std::move(shape));
  std::vector<double> values(static_cast<std::size_t>(tensor.count()));
  std::generate(values.begin(), values.end(), [&] { return first++; });
  tensor.assign(values);
  return tensor;
}

std::unique_ptr<Kernel> open_in_process(const std::string& path) {
  void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw KernelOpenError(::dlerror());
  auto* forward = reinterpret_cast<int (*)(const attest_forward*)>(::dlsym(handle, "attest_kernel_forward"));
  return std::make_unique<InProcessKernel>(KernelInfo{},
                                           [=](const attest_forward& p) { return forward(&p); });
}

constexpr std::ptrdiff_t kReported = 2048;  // bytes of out that the echo kernel writes

class RoundTrip : public ::testing::TestWithParam<const char*> {
 protected:
  void expect_echo(const Problem& problem, const RunOptions& options = {}) {
    ASSERT_EQ(why_invalid(problem), "");
    const RunOutcome outcome = kernel_->run(problem, options);
    ASSERT_EQ(outcome.status, RunStatus::ok) << outcome.detail << " on " << describe(problem);
    const Tensor& out = outcome.result.out;
    const std::vector<double> got = out.values();
    EXPECT_EQ(std::vector<double>(got.begin(), got.begin() + 256), expected_echo(problem, options.prefill))
        << describe(problem);
    const bool untouched = std::all_of(out.bytes().begin() + kReported, out.bytes().end(),
                                       [&](std::byte byte) { return byte == options.prefill; });
    EXPECT_TRUE(untouched) << "what the kernel left alone does not hold the prefill";
    expect_lse(problem, outcome.result);
  }

  static void expect_lse(const Problem& problem, const Result& result) {
    ASSERT_EQ(result.lse.has_value(), problem.want_lse);
    if (!result.lse) return;
    EXPECT_EQ(result.lse->shape(), (std::vector{problem.batch(), problem.q_heads(), problem.q_len()}));
    EXPECT_EQ(result.lse->values(), ramp(DType::f64, result.lse->shape(), 0.5).values());
  }

  std::unique_ptr<Kernel> kernel_ = std::string(GetParam()) == "worker" ? open_kernel(library("echo.so"))
                                                                        : open_in_process(library("echo.so"));
};

INSTANTIATE_TEST_SUITE_P(Kernels, RoundTrip, ::testing::Values("worker", "in_process"),
                         [](const auto& instance) { return std::string(instance.param); });

TEST_P(RoundTrip, CarriesTheMainTensorsAndParameters) {
  Problem problem = echo_problem();
  problem.scale = -0.37;
  problem.causal = Causal::top_left;
  problem.window_left = 5;
  problem.window_right = 0;
  problem.softcap = 30.25;
  expect_echo(problem);
}

TEST_P(RoundTrip, CarriesEachOptionalTensorAloneAndAllTogether) {
  const std::vector<std::function<void(Problem&)>> features{
      [](Problem& p) {
        p.bias = ramp(DType::f32, {2, 1, 3, 5}, -7);
      },
      [](Problem& p) {
        p.mask = Tensor(DType::u8, {1, 4, 1, 5});
      },
      [](Problem& p) { p.alibi_slopes = ramp(DType::f32, {4}, 1); },
      [](Problem& p) { p.sink = ramp(DType::f32, {4}, -2); },
      [](Problem& p) { p.kv_lens = ramp(DType::i32, {2}, 3); },
      [](Problem& p) { p.want_lse = false; },
  };
  Problem all = echo_problem();
  for (const auto& add : features) {
    Problem alone = echo_problem();
    add(alone);
    add(all);
    expect_echo(alone);
  }
  expect_echo(all);
}

TEST_P(RoundTrip, KeepsTheStridesOfInputsZeroIncluded) {
  Problem problem = echo_problem();
  problem.q = problem.q.with_strides({1, 2, 8, 24});                 // axes in another order
  problem.k = problem.k.with_strides({200, 100, 7, 1});              // gaps
  problem.v = Tensor(DType::f64, {2, 2, 5, 64}, {0, 0, 64, 1});      // one head shared by all
  problem.mask = Tensor(DType::u8, {2, 4, 3, 5}, {0, 0, 0, 1});      // broadcast by stride
  problem.bias = Tensor(DType::f32, {1, 1, 3, 5}, {999, -0, 5, 1});  // strides of extent 1 mean nothing
  problem.kv_lens = Tensor(DType::i32, {2}, {0});
  expect_echo(problem);
}

TEST_P(RoundTrip, StartsFromThePrefillThatIsAskedFor) {
  for (const int prefill : {0x00, 0x5a, 0xff}) {
    RunOptions options;
    options.prefill = static_cast<std::byte>(prefill);
    expect_echo(echo_problem(), options);
  }
}

TEST_P(RoundTrip, WorksInEveryPlacement) {
  for (const Placement placement : {Placement::misaligned, Placement::page_end, Placement::misaligned}) {
    RunOptions options;
    options.placement = placement;
    expect_echo(echo_problem(), options);
  }
}

TEST_P(RoundTrip, GrowsItsMemoryForLargerCasesAndKeepsWorkingForSmallOnes) {
  for (const std::int64_t kv_len : {1, 5'000, 3, 20'000, 2}) {
    expect_echo(make_problem(DType::f64, {.q_len = 8, .kv_len = kv_len, .v_dim = 64}));
  }
}

TEST_P(RoundTrip, PassesEmptyTensorsWithoutData) {
  const Shape base{.batch = 1, .q_heads = 2, .q_len = 3, .kv_len = 5, .v_dim = 64};
  for (const auto& change : std::vector<std::function<void(Shape&)>>{
           [](Shape& s) { s.batch = 0; },
           [](Shape& s) { s.q_len = 0; },
           [](Shape& s) { s.kv_len = 0; },
       }) {
    Shape shape = base;
    change(shape);
    Problem problem = make_problem(DType::f64, shape);
    problem.mask = Tensor(DType::u8, {shape.batch, 1, shape.q_len, shape.kv_len});
    problem.kv_lens = Tensor(DType::i32, {shape.batch});
    ASSERT_EQ(why_invalid(problem), "");
    const RunOutcome outcome = kernel_->run(problem, {});
    // The kernel returns 100 and more for data that is NULL but should not be, or the reverse; it declines an
    // out without room for its report.
    const bool has_room = problem.batch() * problem.q_len() * 2 * 64 >= 256;
    EXPECT_EQ(outcome.status, has_room ? RunStatus::ok : RunStatus::unsupported) << outcome.detail;
    if (has_room) expect_echo(problem);
  }
}

}  // namespace
}  // namespace attest::kernel
