// What a worker process costs a case, beyond the kernel itself: the kernel here returns at once.
#include <cstring>
#include <memory>
#include <string>

#include <benchmark/benchmark.h>

#include "kernel/in_process/in_process.hpp"
#include "kernel/worker/worker_kernel.hpp"

namespace attest::bench {
namespace {

const std::string kReturnsAtOnce = std::string(TEST_KERNELS_DIR) + "/misbehaving.so:writes_nothing";

// One head of 16 channels in f32; `length` queries and keys.
Problem problem_of_length(std::int64_t length) {
  Problem problem;
  for (Tensor* tensor : {&problem.q, &problem.k, &problem.v})
    *tensor = Tensor(DType::f32, {1, 1, length, 16});
  return problem;
}

void run_cases(benchmark::State& state, kernel::Kernel& kernel) {
  const Problem problem = problem_of_length(state.range(0));
  while (state.KeepRunning()) {
    const kernel::RunOutcome outcome = kernel.run(problem, {});
    if (outcome.status != kernel::RunStatus::ok) return state.SkipWithError(outcome.detail.c_str());
    benchmark::DoNotOptimize(outcome.result.out.bytes().data());
  }
  const std::int64_t bytes_per_case = std::int64_t{4} * (4 * 16 + 1) * state.range(0);
  state.SetBytesProcessed(state.iterations() * bytes_per_case);
}

void CaseInAWorker(benchmark::State& state) {
  const auto kernel = kernel::open_kernel(kReturnsAtOnce);
  run_cases(state, *kernel);
}
BENCHMARK(CaseInAWorker)->Arg(4)->Arg(64)->Arg(4096)->UseRealTime()->Unit(benchmark::kMicrosecond);

void CaseInThisProcess(benchmark::State& state) {
  kernel::InProcessKernel kernel({}, [](const attest_forward&) { return ATTEST_OK; });
  run_cases(state, kernel);
}
BENCHMARK(CaseInThisProcess)->Arg(4)->Arg(64)->Arg(4096)->UseRealTime()->Unit(benchmark::kMicrosecond);

void OpeningAWorker(benchmark::State& state) {
  while (state.KeepRunning()) benchmark::DoNotOptimize(kernel::open_kernel(kReturnsAtOnce));
}
BENCHMARK(OpeningAWorker)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace attest::bench

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], attest::kernel::kWorkerArgument) == 0)
    return attest::kernel::worker_main(argc, argv);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
