#include "measurement.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace attest::bench {
namespace {

double counter(const benchmark::BenchmarkReporter::Run& run, const char* name) {
  const auto found = run.counters.find(name);
  return found == run.counters.end() ? 0 : found->second.value;
}

// Elapsed time where several threads share the work or the benchmark timed itself.
double seconds_of(const benchmark::BenchmarkReporter::Run& run) {
  const bool elapsed = counter(run, "threads") > 1 || counter(run, "timed") > 0;
  return (elapsed ? run.real_accumulated_time : run.cpu_accumulated_time) /
         static_cast<double>(run.iterations);
}

std::string name_of(const benchmark::BenchmarkReporter::Run& run) {
  std::string name = run.run_name.function_name;
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

}  // namespace

void describe(benchmark::State& state, Work work) {
  if (work.pairs == 0) work.pairs = work.all_pairs();
  state.counters["queries"] = static_cast<double>(work.queries);
  state.counters["keys"] = static_cast<double>(work.keys);
  state.counters["head_dim"] = static_cast<double>(work.head_dim);
  state.counters["threads"] = static_cast<double>(work.threads);
  state.counters["pairs"] = work.pairs;
}

void Collector::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    if (run.run_type != Run::RT_Iteration) continue;
    if (run.error_occurred) {
      failures_.push_back(run.run_name.str() + ": " + run.error_message);
      continue;
    }
    const double seconds = seconds_of(run);
    if (const double flops = counter(run, "flops"); flops > 0) {
      double& rate = counter(run, "threads") > 1 ? rate_.two : rate_.one;
      rate = std::max(rate, flops / seconds);
    }
    if (counter(run, "pairs") == 0) continue;
    const auto whole = [&](const char* name) { return static_cast<std::int64_t>(counter(run, name)); };
    const bool again = run.repetition_index > 0;
    if (!again) {
      measurements_.push_back(
          {name_of(run),
           {whole("queries"), whole("keys"), whole("head_dim"), whole("threads"), counter(run, "pairs")},
           seconds});
    } else {
      measurements_.back().seconds = std::min(measurements_.back().seconds, seconds);
    }
  }
  const bool kept = !runs.empty() && runs.front().run_type == Run::RT_Iteration &&
                    !runs.front().error_occurred && counter(runs.front(), "pairs") > 0;
  if (kept) {
    const Measurement& m = measurements_.back();
    fmt::print("{:<18} {:>6} x {:<6} d {:<4} threads {}  {:>10.3f} ms  {:.3g} ns a pair\n", m.what,
               m.work.queries, m.work.keys, m.work.head_dim, m.work.threads, m.seconds * 1e3,
               m.seconds_per_pair() * 1e9);
    std::fflush(stdout);
  }
}

}  // namespace attest::bench
