// ./attest bench: measures what certificates cost compared with other methods, in one run, and writes JSON.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <malloc.h>

#include "bench_json.hpp"
#include "oracle/blocked/tier.hpp"
#include "oracle_problems.hpp"

namespace attest::bench {
namespace {

std::size_t bytes_in_use() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

// The last rows see all keys; memory does not grow with the number of calls.
std::size_t memory_of_certificate(std::int64_t keys) {
  const Problem problem = causal_head(keys, 64);
  const oracle::ContractSet contract = oracle::contract_for("f32", DType::f32, DType::f32);
  const std::size_t before = bytes_in_use();
  std::size_t most = 0;
  const oracle::blocked::HeadFacts head = oracle::blocked::facts_of_head(problem, 0, 0);
  oracle::blocked::certify_rows(problem, contract, head, 0, 0, keys - oracle::blocked::rows_per_call(problem),
                                keys, [&](std::int64_t, const oracle::blocked::CertifiedRow&) {
                                  most = std::max(most, bytes_in_use() - before);
                                });
  return most;
}

int run(const std::string& filter, const std::filesystem::path& file) {
  if (file.has_parent_path() && !std::filesystem::is_directory(file.parent_path())) {
    fmt::print(stderr, "attest bench: --json: no folder {}\n", file.parent_path().string());
    return 64;
  }
  BenchRun result;
  result.numpy = run_numpy("blocked", 64, 64, 64, 1);
  if (!result.numpy.failure.empty() || !numpy_is_right()) {
    fmt::print(stderr, "attest bench: numpy does not run, or not as it should: {}\n", result.numpy.failure);
    return 70;
  }
  Collector collector;
  benchmark::RunSpecifiedBenchmarks(&collector, filter);
  result.measurements = collector.measurements();
  result.rate = collector.rate();
  result.memory_keys = 65536;
  result.memory_bytes = memory_of_certificate(result.memory_keys);
  for (const std::string& failure : collector.failures()) fmt::print(stderr, "attest bench: {}\n", failure);
  if (!collector.failures().empty()) return 70;
  if (result.measurements.empty() && result.rate.one + result.rate.two == 0) {
    fmt::print(stderr, "attest bench: --filter: nothing matches '{}'\n", filter);
    return 64;
  }
  const auto json = bench_json(result);
  for (const auto& ratio : json["ratios"]) {
    fmt::print("{:.3g} (at most {:.3g})  {}\n", ratio["ratio"].get<double>(), ratio["limit"].get<double>(),
               ratio["what"].get<std::string>());
  }
  if (file.empty()) return 0;
  std::ofstream out(file);
  out << json.dump(1) << "\n";
  out.close();
  if (!out) {
    fmt::print(stderr, "attest bench: cannot write {}\n", file.string());
    return 64;
  }
  fmt::print("wrote {}\n", file.string());
  return 0;
}

}  // namespace
}  // namespace attest::bench

int main(int argc, char** argv) {
  CLI::App app("Measure what certificates cost compared with numpy, MPFR, Arb and dgemm (about 2 minutes)",
               "attest bench");
  std::string filter = ".";
  std::string file;
  app.add_option("--filter", filter,
                 "Only benchmarks whose name matches this expression, such as f64_.*/4096/64");
  app.add_option("--json", file,
                 "Write the results to FILE; ./attest bench writes reports/bench.json unless filtered")
      ->type_name("FILE");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 64;
  }
  int none = 1;
  benchmark::Initialize(&none, argv);
  return attest::bench::run(filter, file);
}
