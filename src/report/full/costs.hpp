// The costs of the oracle, from the results of ./attest bench.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace attest::report {

/// The file exists but was not written by ./attest bench. The message is one line.
struct CostsError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct CostPoint {
  std::string what;
  std::int64_t queries = 0, keys = 0, head_dim = 0, threads = 0;
  bool sampled = false;
  double seconds_per_pair = 0;  ///< a pair is a query and a key that it sees
  std::optional<double> times_certificate, of_dgemm;
};

/// A required cost ratio and the measured one.
struct CostRatio {
  std::string what;
  double ratio = 0, limit = 0;
  bool met = false;
};

struct Costs {
  nlohmann::ordered_json json;  ///< as read
  std::string version, time, cpu, isa, openblas_kernel, numpy_blas_kernel;
  double dgemm_flops = 0;  ///< per second, one thread; 0: not measured
  std::int64_t memory_keys = 0, memory_bytes = 0;
  std::vector<CostPoint> points;
  std::vector<CostRatio> ratios;
};

/// None if there is no such file.
std::optional<Costs> read_costs(const std::filesystem::path& file);

/// "limit 0.4", or "ABOVE the limit of 0.4".
std::string limit_text(const CostRatio& ratio);

/// The section of the report: the required ratios, then the time of each method as a multiple of the f64
/// tier's.
std::string costs_markdown(const std::optional<Costs>& costs);

}  // namespace attest::report
