// What a certificate costs beside what peers pay for an uncertified reference, in one run.
//
// One causal head, f32 inputs, single thread unless named otherwise; compare the column CPU of our tiers with
// the time of numpy, which is processor time as well. NumPy computes o alone, in fp64 in fp64 over OpenBLAS;
// Judge computes o, lse, their radii and the error bound, and judges a result element by element. Dgemm's
// rate is the machine's limit: a head needs 2 L^2 d multiply-adds at least.
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <cblas.h>
#include <fmt/format.h>

#include "oracle/judge.hpp"
#include "oracle_problems.hpp"

namespace attest {
namespace {

const std::vector<std::int64_t> kLengths{512, 1024, 2048, 4096, 8192, 16384};
const std::vector<std::int64_t> kHeadDims{64, 128};

// Seconds that `script` reports on its last line.
double seconds_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  double seconds = 0;
  if (!pipe || std::fscanf(pipe.get(), "%lf", &seconds) != 1)
    throw std::runtime_error(fmt::format("failed: {}", command));
  return seconds;
}

void numpy_attention(benchmark::State& state, const char* form) {
  const std::string command = fmt::format("OPENBLAS_NUM_THREADS=1 {} {}/numpy_attention.py {} {} {} 2",
                                          DEBIAN_PYTHON, BENCH_SOURCES, form, state.range(0), state.range(1));
  while (state.KeepRunning()) state.SetIterationTime(seconds_of(command));
}

// The whole score matrix of 8192 keys takes 1 GiB with its mask, of 16384 keys four times that.
BENCHMARK_CAPTURE(numpy_attention, full, "full")
    ->ArgsProduct({{512, 1024, 2048, 4096}, kHeadDims})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(numpy_attention, blocked, "blocked")
    ->ArgsProduct({kLengths, kHeadDims})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

void judge_head(benchmark::State& state) {
  const Problem problem = causal_head(state.range(0), state.range(1));
  const Result result = correct_result(problem);
  const ContractSet contract = contract_for("f32", DType::f32, DType::f32);
  while (state.KeepRunning()) {
    const Judgement judgement = judge(problem, result, contract);
    if (judgement.violated()) return state.SkipWithError("a correct result was judged violated");
  }
}
BENCHMARK(judge_head)->ArgsProduct({kLengths, kHeadDims})->Unit(benchmark::kMillisecond);

void dgemm(benchmark::State& state) {
  const auto n = static_cast<int>(state.range(0));
  const std::vector<double> a(static_cast<std::size_t>(n) * static_cast<std::size_t>(n), 1.25);
  std::vector<double> c(a.size());
  openblas_set_num_threads(1);
  while (state.KeepRunning()) {
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, n, n, 1, a.data(), n, a.data(), n, 0, c.data(),
                n);
  }
  const double operations = 2.0 * n * n * n * static_cast<double>(state.iterations());
  state.counters["flop/s"] = benchmark::Counter(operations, benchmark::Counter::kIsRate);
}
BENCHMARK(dgemm)->Arg(1024)->Arg(2048)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace attest

BENCHMARK_MAIN();
