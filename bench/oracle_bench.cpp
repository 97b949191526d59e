// What a certificate costs beside what peers pay for an uncertified reference, in one run.
//
// One causal head of f32 inputs, one thread where no number of jobs stands last. Compare the column CPU of
// our tiers with the time of numpy_attention, which is processor time as well: numpy over OpenBLAS in fp64, o
// alone. certify_head computes o, lse, their radii and the bound; judge_head compares a result with them as
// well; judge_by_rows is the row path. dgemm is the machine's limit: a head needs L^2 d multiply-adds of f64
// at least. double_double_row, mpfi_106_bits_row and their like compute the same gathered rows;
// double_double_head computes all rows of the head.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <cblas.h>
#include <fmt/format.h>

#include "oracle/blocked/tier.hpp"
#include "oracle/double_double/tier.hpp"
#include "oracle/facts.hpp"
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

const ContractSet& f32_contract() {
  static const ContractSet contract = contract_for("f32", DType::f32, DType::f32);
  return contract;
}

void certify_head(benchmark::State& state) {
  const Problem problem = causal_head(state.range(0), state.range(1));
  const std::int64_t step = blocked::rows_per_call(problem);
  std::int64_t usable = 0;
  while (state.KeepRunning()) {
    const blocked::HeadFacts head = blocked::facts_of_head(problem, 0, 0);
    for (std::int64_t i = 0; i < problem.q_len(); i += step) {
      blocked::certify_rows(
          problem, f32_contract(), head, 0, 0, i, std::min(i + step, problem.q_len()),
          [&](std::int64_t, const blocked::CertifiedRow& row) { usable += row.usable ? 1 : 0; });
    }
  }
  state.counters["usable"] =
      static_cast<double>(usable) / static_cast<double>(state.iterations() * problem.q_len());
}
BENCHMARK(certify_head)->ArgsProduct({kLengths, kHeadDims})->Unit(benchmark::kMillisecond);

template <class F>
void judge_result(benchmark::State& state, F run) {
  const Problem problem = causal_head(state.range(0), state.range(1));
  const Result result = correct_result(problem);
  while (state.KeepRunning()) {
    const Judgement judgement = run(problem, result);
    if (judgement.violated()) return state.SkipWithError("a correct result was judged violated");
  }
}

void judge_head(benchmark::State& state) {
  const auto jobs = static_cast<unsigned>(state.range(2));
  judge_result(state, [jobs](const Problem& p, const Result& r) {
    return judge(p, r, f32_contract(), {8, jobs, {}});
  });
}
BENCHMARK(judge_head)
    ->ArgsProduct({kLengths, kHeadDims, {1, 2}})
    ->ArgNames({"", "", "jobs"})
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void judge_by_rows(benchmark::State& state) {
  judge_result(state,
               [](const Problem& p, const Result& r) { return attest::judge_by_rows(p, r, f32_contract()); });
}
BENCHMARK(judge_by_rows)->Args({512, 64})->Args({1024, 64})->Unit(benchmark::kMillisecond);

// Rows of the causal head, evenly spread, the last one included, gathered beforehand.
std::vector<Row> some_rows(const Problem& problem, std::int64_t count) {
  std::vector<Row> rows;
  for (std::int64_t i = 1; i <= count; ++i) {
    rows.push_back(gather_row(problem, 0, 0, problem.q_len() * i / count - 1));
  }
  return rows;
}

// Time for a visible key, so that tiers that compute different numbers of rows compare.
template <class F>
void reference_rows(benchmark::State& state, std::int64_t count, F reference) {
  const std::vector<Row> rows = some_rows(causal_head(state.range(0), state.range(1)), count);
  std::int64_t keys = 0;
  while (state.KeepRunning()) {
    for (const Row& row : rows) {
      benchmark::DoNotOptimize(reference(row));
      keys += row.keys;
    }
  }
  state.counters["s/key"] = benchmark::Counter(static_cast<double>(keys),
                                               benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void f64_row(benchmark::State& state) {
  reference_rows(state, 16, [](const Row& row) { return reference_f64(row); });
}
BENCHMARK(f64_row)->Args({4096, 64})->Unit(benchmark::kMillisecond);

void double_double_row(benchmark::State& state) {
  reference_rows(state, 16, [](const Row& row) { return dd::sharpen(row); });
}
BENCHMARK(double_double_row)->Args({4096, 64})->Unit(benchmark::kMillisecond);

void double_double_row_and_facts(benchmark::State& state) {
  reference_rows(state, 16, [](const Row& row) { return reference_double_double(row); });
}
BENCHMARK(double_double_row_and_facts)->Args({4096, 64})->Unit(benchmark::kMillisecond);

void mpfi_106_bits_row(benchmark::State& state) {
  reference_rows(state, 4, [](const Row& row) { return reference_interval(row, 106); });
}
BENCHMARK(mpfi_106_bits_row)->Args({4096, 64})->Unit(benchmark::kMillisecond);

void double_double_head(benchmark::State& state) {
  const Problem problem = causal_head(state.range(0), state.range(1));
  double worst = 0;
  std::int64_t keys = 0;
  while (state.KeepRunning()) {
    const dd::Head head = dd::head_of(problem, 0, 0);
    for (std::int64_t i = 0; i < problem.q_len(); i += dd::kRowsPerCall) {
      dd::sharpen_rows(problem, head, 0, 0, i, std::min(i + dd::kRowsPerCall, problem.q_len()),
                       [&](std::int64_t at, const dd::SharpRow& row) {
                         keys += at + 1;
                         for (const Known& o : row.out) worst = std::max(worst, o.radius);
                       });
    }
  }
  state.counters["log2 largest radius"] = std::log2(worst);
  state.counters["s/key"] = benchmark::Counter(static_cast<double>(keys),
                                               benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(double_double_head)->ArgsProduct({kLengths, kHeadDims})->Unit(benchmark::kMillisecond);

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
