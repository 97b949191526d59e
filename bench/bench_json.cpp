#include "bench_json.hpp"

#include <chrono>

#include <cblas.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "oracle/blocked/kernels.hpp"
#include "peers.hpp"
#include "report/host.hpp"

namespace attest::bench {
namespace {

using Json = nlohmann::ordered_json;

const Measurement* find(const BenchRun& run, const std::string& what, const Work& work) {
  for (const Measurement& m : run.measurements) {
    if (m.what == what && m.work.queries == work.queries && m.work.keys == work.keys &&
        m.work.head_dim == work.head_dim && m.work.threads == work.threads) {
      return &m;
    }
  }
  return nullptr;
}

Json measurement_json(const BenchRun& run, const Measurement& m) {
  const double rate = m.work.threads > 1 ? run.rate.two : run.rate.one;
  const double flops = 4 * static_cast<double>(m.work.head_dim) / m.seconds_per_pair();
  Work one_thread = m.work;
  one_thread.threads = 1;
  const bool decodes = m.work.queries != m.work.keys;
  const Measurement* own = find(run, decodes ? "f64_decoding" : "f64_certificate", one_thread);
  return {{"what", m.what},
          {"queries", m.work.queries},
          {"keys", m.work.keys},
          {"head_dim", m.work.head_dim},
          {"threads", m.work.threads},
          {"pairs", m.work.pairs},
          {"sampled", m.work.pairs < m.work.all_pairs()},
          {"seconds", m.seconds},
          {"seconds_per_pair", m.seconds_per_pair()},
          {"times_certificate",
           own != nullptr ? Json(m.seconds_per_pair() / own->seconds_per_pair()) : Json(nullptr)},
          {"of_dgemm", rate > 0 ? Json(flops / rate) : Json(nullptr)}};
}

// One promise: the time of `a` over that of `b` is at most `limit`.
struct Promise {
  const char* statement;
  const char* a;
  std::int64_t a_threads;
  const char* b;
  std::int64_t b_threads;
  double limit;
};

constexpr Promise kPromises[] = {
    {"o, lse, radii and bound by the f64 tier / o by numpy in fp64 with the whole score matrix",
     "f64_certificate", 1, "numpy_full", 1, 0.4},
    {"judging on 2 threads / on 1", "f64_judge", 2, "f64_judge", 1, 1 / 1.8},
    {"a row by double-double / by MPFI at 106 bits", "double_double_row", 1, "mpfi_106_row", 1, 0.01},
    {"a row by double-double / by Arb at 106 bits", "double_double_row", 1, "arb_106_row", 1, 1},
};

Json ratios_json(const BenchRun& run) {
  Json ratios = Json::array();
  for (const Promise& promise : kPromises) {
    const Measurement* a = find(run, promise.a, {4096, 4096, 64, promise.a_threads});
    const Measurement* b = find(run, promise.b, {4096, 4096, 64, promise.b_threads});
    if (a == nullptr || b == nullptr) continue;
    const double ratio = a->seconds_per_pair() / b->seconds_per_pair();
    ratios.push_back({{"what", promise.statement},
                      {"ratio", ratio},
                      {"limit", promise.limit},
                      {"met", ratio <= promise.limit}});
  }
  return ratios;
}

Json libraries_json(const BenchRun& run) {
  return {{"openblas", openblas_get_config()},
          {"openblas_kernel", openblas_get_corename()},
          {"numpy", run.numpy.numpy},
          {"numpy_blas", run.numpy.blas},
          {"numpy_blas_kernel", run.numpy.core},
          {"mpfr", version_of_mpfr()},
          {"arb", version_of_arb()}};
}

}  // namespace

Json bench_json(const BenchRun& run) {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  Json json{{"schema", "attest.bench/1"},
            {"version", ATTEST_VERSION},
            {"host", report::host_json()},
            {"time", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now))},
            {"compiler", __VERSION__},
            {"isa", oracle::blocked::instruction_set()},
            {"libraries", libraries_json(run)},
            {"contract", "f32"},
            {"dgemm", {{"flops_one_thread", run.rate.one}, {"flops_two_threads", run.rate.two}}},
            {"measurements", Json::array()}};
  for (const Measurement& m : run.measurements) json["measurements"].push_back(measurement_json(run, m));
  constexpr std::size_t kMemoryLimit = std::size_t{16} << 20;
  json["memory"] = {{"keys", run.memory_keys},
                    {"bytes", run.memory_bytes},
                    {"limit", kMemoryLimit},
                    {"met", run.memory_bytes < kMemoryLimit}};
  json["ratios"] = ratios_json(run);
  return json;
}

}  // namespace attest::bench
