// A Python function is a kernel like others: whatever it does is an outcome, and the next case works.
#include <cstdlib>

#include <gtest/gtest.h>

#include "kernel/kernel_spec.hpp"
#include "kernel/python_spec.hpp"
#include "kernel/worker/worker_kernel.hpp"
#include "problems.hpp"

namespace attest::kernel {
namespace {

using namespace testing_kernels;

std::string python(const std::string& function, const std::string& options = ",signature=attest") {
  ::setenv("ATTEST_PYTHON", "/usr/bin/python3", 1);  // the one that has NumPy
  return "py:" PYTHON_KERNELS_DIR "/kernels.py:" + function + options;
}

const std::string kOwn = ",signature=" PYTHON_KERNELS_DIR "/kernels.py:bhtd";

Problem plain(DType dtype = DType::f32) {
  Problem problem = make_problem(dtype, {});
  problem.want_lse = false;
  problem.causal = Causal::none;
  return problem;
}

RunOutcome outcome_of(const std::string& function, const std::string& options = kOwn) {
  RunOptions within;
  within.time_limit = std::chrono::milliseconds(2000);
  return open_kernel(python(function, options))->run(plain(), within);
}

TEST(PythonSpec, IsAFunctionOrAKernelOfAFramework) {
  EXPECT_TRUE(is_python_spec("py:mine:attention"));
  EXPECT_TRUE(is_python_spec("torch:sdpa-math"));
  EXPECT_FALSE(is_python_spec("torchlike"));
  EXPECT_FALSE(is_python_spec("./torch.so:f"));
  EXPECT_TRUE(is_python_family("torch"));
  EXPECT_FALSE(is_python_family("torch:sdpa-math"));
}

TEST(PythonSpec, KeepsItsOwnOptions) {
  EXPECT_EQ(with_python_options("py:m:f", "jax", "cuda"), "py:m:f,signature=jax,device=cuda");
  EXPECT_EQ(with_python_options("py:m:f,signature=flex", "jax", ""), "py:m:f,signature=flex");
}

TEST(PythonSpec, OfAFileIsFoundFromAnotherFolder) {
  EXPECT_EQ(spec_in_folder("py:./mine.py:f,signature=jax", "findings"), "py:../mine.py:f,signature=jax");
  EXPECT_EQ(spec_in_folder("py:mine:f", "findings"), "py:mine:f");
  EXPECT_EQ(spec_in_folder("py:/opt/mine.py:f", "findings"), "py:/opt/mine.py:f");
  const std::string folder = std::string(PYTHON_KERNELS_DIR) + "/findings";
  EXPECT_EQ(spec_from_folder("py:../kernels.py:right", folder), "py:" PYTHON_KERNELS_DIR "/kernels.py:right");
}

TEST(PythonKernel, SeesTheStridesOfTheProblem) {
  const auto kernel = open_kernel(python("stride_of_q"));
  Problem problem = plain(DType::f64);
  const RunOutcome packed = kernel->run(problem, {});
  ASSERT_EQ(packed.status, RunStatus::ok) << packed.detail;
  EXPECT_EQ(packed.result.out.at({0, 0, 0, 2}), 4);
  problem.q = problem.q.spread_to({100, 50, 10, 2});
  const RunOutcome spread = kernel->run(problem, {});
  ASSERT_EQ(spread.status, RunStatus::ok) << spread.detail;
  EXPECT_EQ(spread.result.out.at({0, 0, 0, 2}), 10);
  EXPECT_EQ(spread.result.out.at({0, 0, 0, 3}), 2);
}

TEST(PythonKernel, WritesItsOutputsInPlace) {
  Problem problem = plain(DType::f64);
  problem.want_lse = true;
  const RunOutcome outcome = open_kernel(python("in_place"))->run(problem, {});
  ASSERT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
  EXPECT_EQ(outcome.result.out.at({0, 0, 1, 3}), 2 * problem.q.at({0, 0, 1, 0}));
  EXPECT_EQ(outcome.result.lse->at({0, 0, 2}), problem.scale);
}

TEST(PythonKernel, StaysForAllItsCalls) {
  const auto kernel = open_kernel(python("counts", kOwn));
  for (const double calls : {1, 2, 3}) EXPECT_EQ(kernel->run(plain(), {}).result.out.at({0, 0, 0, 0}), calls);
}

TEST(PythonKernel, DeclinesWhatItsSignatureCannotExpress) {
  const auto kernel = open_kernel(python("right", ""));
  EXPECT_EQ(kernel->run(plain(), {}).status, RunStatus::ok);
  Problem capped = plain();
  capped.softcap = 30;
  EXPECT_EQ(kernel->run(capped, {}).status, RunStatus::unsupported);
  EXPECT_EQ(outcome_of("declines").status, RunStatus::unsupported);
}

TEST(PythonKernel, IsFailedWithTheExceptionAndItsPlace) {
  const RunOutcome outcome = outcome_of("raises");
  EXPECT_EQ(outcome.status, RunStatus::failed);
  EXPECT_EQ(outcome.detail.rfind("threw an exception: ValueError: out of registers [kernels.py:", 0), 0U)
      << outcome.detail;
  EXPECT_EQ(outcome_of("leaves").status, RunStatus::failed);
}

TEST(PythonKernel, IsFailedWithAWrongResult) {
  EXPECT_NE(outcome_of("flat").detail.find("of shape [1, 3, 4]; expected [1, 1, 3, 4]"), std::string::npos);
  EXPECT_NE(outcome_of("double").detail.find("type float64; expected float32"), std::string::npos);
}

TEST(PythonKernel, ThatChangesAnInputIsFound) {
  const RunOutcome outcome = outcome_of("changes_q", "");
  EXPECT_EQ(outcome.status, RunStatus::ok);
  EXPECT_EQ(outcome.trespass, Trespass::input);
  EXPECT_EQ(outcome.detail, "wrote to its input q");
}

TEST(PythonKernel, ThatReadsPastAnInputIsFound) {
  const RunOutcome outcome = outcome_of("reads_past_k");
  EXPECT_EQ(outcome.status, RunStatus::crashed);
}

TEST(PythonKernel, MayDieAndIsStartedAgain) {
  const auto kernel = open_kernel(python("crashes_on_long", ""));
  Problem longer = make_problem(DType::f32, {.kv_len = 20});
  longer.want_lse = false;
  longer.causal = Causal::none;
  EXPECT_EQ(kernel->run(longer, {}).code, SIGSEGV);
  EXPECT_EQ(kernel->run(plain(), {}).status, RunStatus::ok);
  EXPECT_EQ(outcome_of("hangs").status, RunStatus::timed_out);
  EXPECT_EQ(outcome_of("exits").status, RunStatus::crashed);
}

TEST(PythonKernel, IsConfined) {
  const RunOutcome outcome = outcome_of("connects");
  EXPECT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
#if defined(ATTEST_HAS_SECCOMP)
  EXPECT_EQ(outcome.environment, "tries to use the network");
#endif
}

TEST(PythonKernel, ThatCannotBeOpenedSaysWhy) {
  const auto mentions = [](const std::string& spec, const std::string& part) {
    const std::string error = open_error(spec);
    EXPECT_NE(error.find(part), std::string::npos) << error;
  };
  mentions(python("nothing"), "kernels has no nothing");
  mentions(python("not_a_function"), "kernels.not_a_function is not callable");
  mentions(python("right", ",signature=sdp"), "there is no signature 'sdp'; there are: sdpa, flash-attn");
  mentions(python("right", ",colour=red"), "'colour=red' is no option");
  mentions("py:no.such.module:f", "ModuleNotFoundError: No module named 'no'");
  EXPECT_EQ(open_error("py:no.such.module:f").find("import_module"), std::string::npos);
  mentions("py:mine", "'py:mine' is not py:MODULE:FUNCTION");
  mentions("torch:sdpa-mth", "there is no kernel 'torch:sdpa-mth'; there are: torch:sdpa-math");
  ::setenv("ATTEST_PYTHON", "/no/python3", 1);
  mentions("py:mine:f", "cannot start the Python interpreter /no/python3: No such file or directory");
}

}  // namespace
}  // namespace attest::kernel
