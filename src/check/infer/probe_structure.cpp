// Division and underflow.

#include <cmath>

#include <fmt/format.h>

#include "check/infer/probe.hpp"
#include "check/infer/quotient.hpp"

namespace attest::check {

ProbeResult probe_division(ProbeKernel& kernel, Known& known) {
  if (!sees_last_bits(kernel)) return {std::nullopt, "16-bit outputs do not show the last bit of a quotient"};
  bool divides = true;
  bool multiplies = true;
  for (const int keys : {3, 5, 7}) {
    std::vector<std::vector<double>> values;
    for (int c = 0; c < 60; ++c) {
      std::vector<double> column(static_cast<std::size_t>(keys));
      column.front() = kernel.value(2 * c + 1);
      values.push_back(column);
    }
    const auto answer = kernel.ask(std::vector<double>(static_cast<std::size_t>(keys)), values);
    if (!answer) return {std::nullopt, "no result"};
    for (std::size_t c = 0; c < values.size(); ++c) {
      const double n = values[c].front();
      divides = divides && answer->out[c] == quotient(sums_of(kernel), n, keys, false);
      multiplies = multiplies && answer->out[c] == quotient(sums_of(kernel), n, keys, true);
    }
  }
  if (divides == multiplies) return {std::nullopt, "neither explains the last bits"};
  known.division = divides ? "divide" : "reciprocal";
  return {known.division,
          divides ? "180 quotients are rounded once" : "180 quotients are N times a rounded 1 / l"};
}

ProbeResult probe_underflow(ProbeKernel& kernel, Known& known) {
  const Format& format = kernel.out_format();
  const bool converted = known.query && known.query->emin != format.emin;
  if (converted || kernel.key_format().emin != format.emin || kernel.value_format().emin != format.emin)
    return {std::nullopt, "conversions lose subnormal numbers"};
  if (format.emin > -100) return {std::nullopt, "sums have smaller normal numbers than the tensors"};
  const double half = format.min_normal() / 2;
  const auto output = kernel.ask({0, 0}, {{format.min_normal(), 0}});
  if (!output) return {std::nullopt, "no result"};
  const bool flushes = output->out.front() == 0;
  if (!flushes && output->out.front() != half)
    return {std::nullopt, "half the smallest normal number is neither kept nor 0"};
  const std::vector<double> small(8, half);
  const std::vector<double> large(8, 1 / (2 * half) * 2);
  const std::vector<double> none(8);
  const auto lost = [&](const std::vector<double>& query,
                        const std::vector<double>& key) -> std::optional<bool> {
    const auto answer = kernel.ask(query, {key, none}, {{1, 0}});
    if (!answer) return std::nullopt;
    if (std::fabs(answer->out.front() - 0.5) < 0.01) return true;
    if (answer->out.front() > 0.6 && answer->out.front() < 0.9) return false;
    return std::nullopt;
  };
  const auto query_lost = lost(small, large);
  const auto key_lost = lost(large, small);
  if (!query_lost || !key_lost) return {std::nullopt, "no clear answer"};
  if (*query_lost && *key_lost) return {"flush-inputs", "subnormal queries and keys count as 0"};
  if (flushes) return {"flush-outputs", "half the smallest normal number becomes 0, subnormal inputs count"};
  if (*query_lost || *key_lost) return {std::nullopt, "some subnormal inputs count as 0"};
  return {"gradual", "half the smallest normal number is kept, and subnormal inputs count"};
}

}  // namespace attest::check
