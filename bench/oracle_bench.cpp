// What a certificate costs: each tier on causal heads of f32 inputs under the contract f32.
//
// f64_certificate computes o, lse, their radii and the bound; f64_judge compares a result with them as well;
// the others compute o, lse and their radii. What ends in _row runs on rows that are evenly spread over the
// head, the last one included, gathered beforehand.
#include <algorithm>
#include <cmath>

#include "measurement.hpp"
#include "oracle/blocked/tier.hpp"
#include "oracle/double_double/tier.hpp"
#include "oracle/judge/judge.hpp"
#include "oracle/tiers/certificate.hpp"
#include "oracle/tiers/references.hpp"
#include "oracle_problems.hpp"

namespace attest::bench {
namespace {

const oracle::ContractSet& f32_contract() {
  static const oracle::ContractSet contract = oracle::contract_for("f32", DType::f32, DType::f32);
  return contract;
}

void all_heads(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgsProduct({kBenchLengths, kBenchHeadDims})->MinTime(0.05)->Repetitions(3);
}

void slow_rows(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgsProduct({kBenchLengths, kBenchHeadDims})->MinTime(0.02);
}

void certify(benchmark::State& state, const Problem& problem) {
  const std::int64_t step = oracle::blocked::rows_per_call(problem);
  std::int64_t usable = 0;
  while (state.KeepRunning()) {
    const oracle::blocked::HeadFacts head = oracle::blocked::facts_of_head(problem, 0, 0);
    for (std::int64_t i = 0; i < problem.q_len(); i += step) {
      oracle::blocked::certify_rows(
          problem, f32_contract(), head, 0, 0, i, std::min(i + step, problem.q_len()),
          [&](std::int64_t, const oracle::blocked::CertifiedRow& row) { usable += row.usable ? 1 : 0; });
    }
  }
  if (usable != state.iterations() * problem.q_len()) state.SkipWithError("rows without a certificate");
  describe(state, {problem.q_len(), problem.kv_len(), problem.qk_dim()});
}

void f64_certificate(benchmark::State& state) {
  certify(state, head_once(state.range(0), state.range(1)).problem);
}
BENCHMARK(f64_certificate)->Apply(all_heads);

// One or a few queries against a long cache.
void f64_decoding(benchmark::State& state) { certify(state, decoding_head(state.range(0), 65536, 64)); }
BENCHMARK(f64_decoding)->Arg(1)->Arg(8)->MinTime(0.05)->Repetitions(3);

void f64_judge(benchmark::State& state) {
  const auto& [problem, result] = head_once(state.range(0), state.range(1));
  const auto jobs = static_cast<unsigned>(state.range(2));
  while (state.KeepRunning()) {
    if (oracle::judge(problem, result, f32_contract(), {8, jobs, {}}).violated())
      return state.SkipWithError("a correct result was judged violated");
  }
  describe(state, {problem.q_len(), problem.kv_len(), problem.qk_dim(), state.range(2)});
}
BENCHMARK(f64_judge)
    ->ArgsProduct({kBenchLengths, kBenchHeadDims, {1, 2}})
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->MinTime(0.05)
    ->Repetitions(5);

template <class F>
void on_rows(benchmark::State& state, std::int64_t count, F compute) {
  const Problem& problem = head_once(state.range(0), state.range(1)).problem;
  const std::vector<oracle::Row> rows = some_rows(problem, count);
  double pairs = 0;
  for (const oracle::Row& row : rows) pairs += static_cast<double>(row.keys);
  while (state.KeepRunning()) {
    for (const oracle::Row& row : rows) benchmark::DoNotOptimize(compute(problem, row));
  }
  describe(state, {problem.q_len(), problem.kv_len(), problem.qk_dim(), 1, pairs});
}

void f64_row(benchmark::State& state) {
  on_rows(state, 8, [](const Problem&, const oracle::Row& row) { return oracle::reference_f64(row); });
}
BENCHMARK(f64_row)->Apply(slow_rows);

// With the bound, as a campaign's small problems and the rows that the blocked tier leaves are decided.
void f64_row_certificate(benchmark::State& state) {
  on_rows(state, 8,
          [](const Problem& p, const oracle::Row& row) { return oracle::certify(p, f32_contract(), row); });
}
BENCHMARK(f64_row_certificate)->Apply(slow_rows);

void double_double_row(benchmark::State& state) {
  on_rows(state, 8, [](const Problem&, const oracle::Row& row) { return oracle::dd::sharpen(row); });
}
BENCHMARK(double_double_row)->Apply(slow_rows);

void double_double_head(benchmark::State& state) {
  const Problem& problem = head_once(state.range(0), state.range(1)).problem;
  double worst = 0;
  while (state.KeepRunning()) {
    const oracle::dd::Head head = oracle::dd::head_of(problem, 0, 0);
    for (std::int64_t i = 0; i < problem.q_len(); i += oracle::dd::kRowsPerCall) {
      oracle::dd::sharpen_rows(problem, head, 0, 0, i,
                               std::min(i + oracle::dd::kRowsPerCall, problem.q_len()),
                               [&](std::int64_t, const oracle::SharpRow& row) {
                                 for (const oracle::Known& o : row.out) worst = std::max(worst, o.radius);
                               });
    }
  }
  if (!(worst < 0x1p-80)) state.SkipWithError("radii are not those of this tier");
  describe(state, {problem.q_len(), problem.kv_len(), problem.qk_dim()});
}
BENCHMARK(double_double_head)->ArgsProduct({{512, 1024, 2048, 4096}, kBenchHeadDims})->MinTime(0.02);

void mpfi_106_row(benchmark::State& state) {
  on_rows(state, 2,
          [](const Problem&, const oracle::Row& row) { return oracle::reference_interval(row, 106); });
}
BENCHMARK(mpfi_106_row)->Apply(slow_rows);

}  // namespace
}  // namespace attest::bench
