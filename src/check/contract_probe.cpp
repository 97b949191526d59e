#include "check/contract_probe.hpp"

#include <array>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "oracle/contract.hpp"

namespace attest {
namespace {

// Extents that kernels with fixed tiles and vector widths take as well.
constexpr std::int64_t kLength = 16;
constexpr std::int64_t kDim = 32;

Problem plain_problem(DType q, DType kv) {
  Problem p;
  p.q = Tensor(q, {1, 1, kLength, kDim});
  p.k = Tensor(kv, {1, 1, kLength, kDim});
  p.v = Tensor(kv, {1, 1, kLength, kDim});
  p.scale = 1 / std::sqrt(static_cast<double>(kDim));
  p.want_lse = false;
  return p;
}

constexpr std::array<std::pair<DType, DType>, 6> kPairs{{{DType::f64, DType::f64},
                                                         {DType::f32, DType::f32},
                                                         {DType::f16, DType::f16},
                                                         {DType::bf16, DType::bf16},
                                                         {DType::f32, DType::f16},
                                                         {DType::f32, DType::bf16}}};

}  // namespace

std::string why_contract_fits_nothing(Kernel& kernel, const std::string& contract,
                                      std::chrono::milliseconds time_limit) {
  std::vector<Problem> problems;
  for (const auto& [q, kv] : kPairs) problems.push_back(plain_problem(q, kv));
  if (kernel.prefers_batches()) kernel.prefetch(problems, time_limit);
  RunOptions options;
  options.time_limit = time_limit;
  std::string taken;
  bool fits = false;
  for (const Problem& problem : problems) {
    if (kernel.run(problem, options).status != RunStatus::ok) continue;
    const DType q = problem.q.dtype();
    const DType kv = problem.k.dtype();
    fits = fits || contract_for(contract, q, kv).declared;
    if (q == kv)
      taken += fmt::format("{}{} (preset {})", taken.empty() ? "" : ", ", name_of(q),
                           contract_for("", q, kv).text);
  }
  kernel.forget();
  return fits ? "" : taken;
}

}  // namespace attest
