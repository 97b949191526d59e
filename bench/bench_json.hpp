// The results of one run of the benchmarks as JSON, schema attest.bench/1.
#pragma once

#include <cstddef>

#include <nlohmann/json.hpp>

#include "measurement.hpp"
#include "numpy_peer.hpp"

namespace attest::bench {

struct BenchRun {
  std::vector<Measurement> measurements;
  MachineRate rate;
  NumpyRun numpy;  ///< of any call, for its versions
  std::size_t memory_bytes =
      0;  ///< the most that the f64 tier held beyond inputs and outputs, at memory_keys
  std::int64_t memory_keys = 0;
};

/// {schema, version, host, time, compiler, isa, libraries, contract, dgemm, measurements[], memory,
/// ratios[]}. measurements[] of {what, queries, keys, head_dim, threads, pairs, seconds, seconds_per_pair,
/// times_certificate, of_dgemm}: the last two are the time of a pair relative to that of f64_certificate on
/// the same head and one thread, and 2 (qk_dim + v_dim) floating-point operations a pair relative to dgemm's
/// rate; null where there is none. ratios[] of {what, ratio, limit, met}: what the project promises of its
/// costs, of those that this run measured.
nlohmann::ordered_json bench_json(const BenchRun& run);

}  // namespace attest::bench
