#include "check/infer/probe_kernel.hpp"

#include <cmath>
#include <utility>

namespace attest::check {
namespace {

Problem row_of(DType q, DType kv, std::int64_t keys) {
  Problem p;
  p.q = Tensor(q, {1, 1, 1, ProbeKernel::kDim});
  p.k = Tensor(kv, {1, 1, keys, ProbeKernel::kDim});
  p.v = Tensor(kv, {1, 1, keys, ProbeKernel::kDim});
  p.scale = ProbeKernel::kScale;
  return p;
}

}  // namespace

std::optional<ProbeAnswer> ProbeKernel::ask(const std::vector<double>& scores,
                                            const std::vector<std::vector<double>>& values) {
  double factor = 1;  // of the query, so that keys stay in the range of their format
  for (const double score : scores) {
    while (std::fabs(score) / factor > keys_.max_finite() / 2) factor *= 2;
  }
  std::vector<std::vector<double>> keys;
  std::vector<double> asked;
  for (const double score : scores) {
    const double high = round_to(keys_, score / factor);
    const double low = round_to(keys_, score / factor - high);
    keys.push_back({high, low});
    asked.push_back((high + low) * factor);
  }
  std::optional<ProbeAnswer> answer = ask({factor / kScale, factor / kScale}, keys, values);
  if (answer) answer->scores = std::move(asked);
  return answer;
}

std::optional<ProbeAnswer> ProbeKernel::ask(const std::vector<double>& query,
                                            const std::vector<std::vector<double>>& keys,
                                            const std::vector<std::vector<double>>& values) {
  Problem p = row_of(q_, kv_, static_cast<std::int64_t>(keys.size()));
  for (std::size_t c = 0; c < query.size(); ++c) p.q.set({0, 0, 0, static_cast<std::int64_t>(c)}, query[c]);
  for (std::size_t j = 0; j < keys.size(); ++j) {
    const auto key = static_cast<std::int64_t>(j);
    for (std::size_t c = 0; c < keys[j].size(); ++c)
      p.k.set({0, 0, key, static_cast<std::int64_t>(c)}, keys[j][c]);
    for (std::size_t c = 0; c < values.size(); ++c)
      p.v.set({0, 0, key, static_cast<std::int64_t>(c)}, values[c][j]);
  }
  kernel::RunOptions options;
  options.time_limit = time_limit_;
  p.want_lse = lse_;
  kernel::RunOutcome outcome = kernel_.run(p, options);
  if (outcome.status == kernel::RunStatus::unsupported && lse_) {
    p.want_lse = false;
    outcome = kernel_.run(p, options);
    lse_ = outcome.status != kernel::RunStatus::ok;
  }
  if (outcome.status != kernel::RunStatus::ok) return std::nullopt;
  ProbeAnswer answer;
  for (std::size_t c = 0; c < values.size(); ++c)
    answer.out.push_back(outcome.result.out.at({0, 0, 0, static_cast<std::int64_t>(c)}));
  if (outcome.result.lse) answer.lse = outcome.result.lse->at({0, 0, 0});
  return answer;
}

}  // namespace attest::check
