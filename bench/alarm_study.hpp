// What the statistical alarm reads on kernels that keep their contract, over many problems and seeds.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kernel/kernel.hpp"
#include "problem/dtype.hpp"

namespace attest::bench {

struct AlarmStudyOptions {
  std::int64_t outputs = 1'000'000;  ///< of one kernel in one dtype, over all seeds
  std::int64_t seeds = 20;           ///< one alarm each, as a campaign has
  std::uint64_t first_seed = 1;
};

struct AlarmReading {
  std::string kernel, dtype;
  std::int64_t problems = 0, declined = 0, outputs = 0;
  double largest = 0;                   ///< sigmas
  double least_threshold = 0;           ///< of the seeds, for one output
  std::array<double, 3> biases{};       ///< of out, out away from zero and lse: the largest of any seed
  std::vector<std::string> suspicions;  ///< with their seeds; empty in health
};

/// Draws problems of typical numbers that the kernel accepts, as a campaign does, and measures their noise
/// until each seed has its share of the outputs, or the kernel answered too few problems. `dtype`: of q, k
/// and v; none: all that the kernel accepts. Throws ContractError for a contract that does not parse.
AlarmReading read_alarm(kernel::Kernel& kernel, std::optional<DType> dtype, const AlarmStudyOptions& options);

/// A row of a Markdown table; `header` is its first two lines.
std::string alarm_row(const AlarmReading& reading);
std::string alarm_header();

}  // namespace attest::bench
