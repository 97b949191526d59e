// What a benchmark measured, in terms that compare: work is counted in visible pairs of a query and a key.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

namespace attest::bench {

/// One causal head (bottom-right where it has fewer queries than keys), qk_dim = v_dim = head_dim.
struct Work {
  std::int64_t queries = 0, keys = 0, head_dim = 0, threads = 1;
  double pairs = 0;  ///< of one iteration; fewer than all_pairs() where rows are sampled

  double all_pairs() const {
    const auto q = static_cast<double>(queries);
    return q * static_cast<double>(keys) - q * (q - 1) / 2;
  }
};

struct Measurement {
  std::string what;  ///< the benchmark's name
  Work work;
  double seconds =
      0;  ///< of one iteration, the fastest of the repetitions: processor time, elapsed on 2 threads

  double seconds_per_pair() const { return seconds / work.pairs; }
};

/// To be called by every benchmark that is to be kept. Without `pairs` the whole head is an iteration.
void describe(benchmark::State& state, Work work);

/// Multiply-adds a second of f64 of the machine, as flop/s, by threads.
struct MachineRate {
  double one = 0, two = 0;
};

/// Prints a line for each benchmark, and keeps what described itself.
class Collector : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override;

  const std::vector<Measurement>& measurements() const { return measurements_; }
  const MachineRate& rate() const { return rate_; }
  /// Benchmarks that could not run, one line each.
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  std::vector<Measurement> measurements_;
  MachineRate rate_;
  std::vector<std::string> failures_;
};

}  // namespace attest::bench
