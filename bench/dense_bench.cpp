// attest's own uncertified reference: the dense form and its gradient, whose work and memory are those of
// numpy_full. On one thread, and with the vectors that the build's flags allow, which is SSE2.
#include "dense_head.hpp"
#include "measurement.hpp"
#include "oracle_problems.hpp"

namespace attest::bench {
namespace {

// Scores, weights and probabilities of 4096 keys are three matrices of 128 MiB in doubles.
void whole_matrices(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgsProduct({{512, 1024, 2048, 4096}, kBenchHeadDims})->Iterations(1)->Repetitions(2);
}

template <class T>
void forward(benchmark::State& state) {
  const Problem& problem = head_once(state.range(0), state.range(1)).problem;
  const attention::dense::Inputs<T> in = dense_inputs_of<T>(problem);
  while (state.KeepRunning()) benchmark::DoNotOptimize(attention::dense::attend(in));
  describe(state, {problem.q_len(), problem.kv_len(), problem.qk_dim()});
}

void dense_f32(benchmark::State& state) { forward<float>(state); }
BENCHMARK(dense_f32)->Apply(whole_matrices);

void dense_f64(benchmark::State& state) { forward<double>(state); }
BENCHMARK(dense_f64)->Apply(whole_matrices);

void dense_gradient_f64(benchmark::State& state) {
  const Problem& problem = head_once(state.range(0), state.range(1)).problem;
  const auto in = dense_inputs_of<double>(problem);
  while (state.KeepRunning())
    benchmark::DoNotOptimize(attention::dense::gradient(in, in.v));  // any dO of v's shape
  describe(state, {problem.q_len(), problem.kv_len(), problem.qk_dim()});
}
BENCHMARK(dense_gradient_f64)
    ->ArgsProduct({{512, 1024, 2048}, kBenchHeadDims})
    ->Iterations(1)
    ->Repetitions(2);

}  // namespace
}  // namespace attest::bench
