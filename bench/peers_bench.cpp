// The same work by others: numpy over OpenBLAS, MPFR, Arb; and the machine's dgemm rate, the limit of f64
// products.
//
// numpy computes o alone, and its time is processor time as the script states it (elapsed on 2 threads).
#include <cblas.h>
#include <fmt/format.h>

#include "measurement.hpp"
#include "numpy_peer.hpp"
#include "oracle_problems.hpp"
#include "peers.hpp"

namespace attest::bench {
namespace {

void numpy(benchmark::State& state, const char* form, const Work& work) {
  while (state.KeepRunning()) {
    const NumpyRun run =
        run_numpy(form, work.queries, work.keys, work.head_dim, static_cast<int>(work.threads));
    if (!run.failure.empty()) return state.SkipWithError(run.failure.c_str());
    state.SetIterationTime(work.threads > 1 ? run.elapsed : run.processor);
  }
  describe(state, work);
  state.counters["timed"] = 1;
}

// The whole score matrix of 8192 keys takes 1 GiB with its mask, of 16384 keys four times that.
void numpy_full(benchmark::State& state) {
  numpy(state, "full", {state.range(0), state.range(0), state.range(1)});
}
BENCHMARK(numpy_full)
    ->ArgsProduct({{512, 1024, 2048, 4096}, kBenchHeadDims})
    ->UseManualTime()
    ->Iterations(1)
    ->Repetitions(2);

void numpy_blocked(benchmark::State& state) {
  numpy(state, "blocked", {state.range(0), state.range(0), state.range(1), state.range(2)});
}
BENCHMARK(numpy_blocked)
    ->ArgsProduct({kBenchLengths, kBenchHeadDims, {1, 2}})
    ->UseManualTime()
    ->Iterations(1)
    ->Repetitions(2);

void numpy_decoding(benchmark::State& state) { numpy(state, "blocked", {state.range(0), 65536, 64}); }
BENCHMARK(numpy_decoding)->Arg(1)->Arg(8)->UseManualTime()->Iterations(1)->Repetitions(2);

template <class F>
void on_rows(benchmark::State& state, F compute) {
  const Problem& problem = head_once(state.range(0), state.range(1)).problem;
  const std::vector<oracle::Row> rows = some_rows(problem, 2);
  double pairs = 0;
  for (const oracle::Row& row : rows) pairs += static_cast<double>(row.keys);
  while (state.KeepRunning()) {
    for (const oracle::Row& row : rows) benchmark::DoNotOptimize(compute(row));
  }
  describe(state, {problem.q_len(), problem.kv_len(), problem.qk_dim(), 1, pairs});
}

void mpfr_106_row(benchmark::State& state) {
  on_rows(state, [](const oracle::Row& row) { return mpfr_row(row, 106); });
}
BENCHMARK(mpfr_106_row)->ArgsProduct({kBenchLengths, kBenchHeadDims})->MinTime(0.02);

void arb_106_row(benchmark::State& state) {
  on_rows(state, [](const oracle::Row& row) { return arb_row(row, 106); });
}
BENCHMARK(arb_106_row)->ArgsProduct({kBenchLengths, kBenchHeadDims})->MinTime(0.02);

void arb_53_row(benchmark::State& state) {
  on_rows(state, [](const oracle::Row& row) { return arb_row(row, 53); });
}
BENCHMARK(arb_53_row)->ArgsProduct({kBenchLengths, kBenchHeadDims})->MinTime(0.02);

void dgemm(benchmark::State& state) {
  constexpr int n = 2048;
  const std::vector<double> a(std::size_t{n} * n, 1.25);
  std::vector<double> c(a.size());
  openblas_set_num_threads(static_cast<int>(state.range(0)));
  while (state.KeepRunning()) {
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, n, n, 1, a.data(), n, a.data(), n, 0, c.data(),
                n);
  }
  openblas_set_num_threads(1);
  state.counters["flops"] = 2.0 * n * n * n;
  state.counters["threads"] = static_cast<double>(state.range(0));
}
BENCHMARK(dgemm)->Arg(1)->Arg(2)->MinTime(0.3)->Repetitions(3)->UseRealTime()->MeasureProcessCPUTime();

}  // namespace
}  // namespace attest::bench
