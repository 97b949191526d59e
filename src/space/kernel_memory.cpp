#include "space/kernel_memory.hpp"

#include <array>

#include <fmt/format.h>

#include "numerics/random_value.hpp"

namespace attest::space {
namespace {

constexpr std::array<std::int64_t, 5> kLengths{256, 512, 1024, 2048, 4096};
constexpr std::int64_t kHeadDim = 16;

Problem square_problem(std::int64_t length) {
  Problem problem;
  std::uint64_t seed = 1;
  for (Tensor* tensor : {&problem.q, &problem.k, &problem.v}) {
    *tensor = Tensor(DType::f32, {1, 1, length, kHeadDim});
    std::vector<double> values(static_cast<std::size_t>(tensor->count()));
    for (double& value : values) value = random_unit(++seed) - 0.5;
    tensor->assign(values);
  }
  problem.scale = 0.25;
  problem.causal = Causal::bottom_right;
  problem.want_lse = false;
  return problem;
}

}  // namespace

KernelMemory measure_kernel_memory(kernel::Kernel& kernel) {
  KernelMemory memory{kernel.info().name, {}, {}};
  std::vector<MemoryPoint> points;
  kernel::RunOptions options;
  options.measure_heap = true;
  for (const std::int64_t length : kLengths) {
    const Problem problem = square_problem(length);
    kernel.run(problem, options);
    const kernel::RunOutcome outcome = kernel.run(problem, options);
    if (outcome.status == kernel::RunStatus::ok && outcome.memory.heap_bytes) {
      points.push_back({length, *outcome.memory.heap_bytes});
    } else if (memory.declined.empty()) {
      memory.declined = fmt::format("at length {}: {}", length,
                                    outcome.status == kernel::RunStatus::unsupported ? "unsupported"
                                    : outcome.detail.empty()                         ? "no measurement"
                                                                                     : outcome.detail);
    }
  }
  memory.heap = fitted(std::move(points));
  return memory;
}

}  // namespace attest::space
