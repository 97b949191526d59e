#include "check/tolerance/unfused.hpp"

#include <algorithm>
#include <cmath>

namespace attest::check {
namespace {

double score_of(const oracle::Row& row, std::size_t j, DType type) {
  const auto dim = static_cast<std::size_t>(row.qk_dim);
  double dot = 0;
  for (std::size_t c = 0; c < dim; ++c) dot += row.q[c] * row.k[j * dim + c];
  double score = representable(type, representable(type, dot) * row.scale);
  if (row.softcap != 0) score = representable(type, row.softcap * std::tanh(score / row.softcap));
  if (!row.bias.empty()) score = representable(type, score + row.bias[j]);
  if (!row.distance.empty()) score = representable(type, score - row.slope * row.distance[j]);
  return score;
}

}  // namespace

std::vector<double> unfused_output(const oracle::Row& row, DType type) {
  std::vector<double> out(static_cast<std::size_t>(row.v_dim));
  std::vector<double> weights(static_cast<std::size_t>(row.keys));
  double maximum = row.sink.value_or(-HUGE_VAL);
  for (std::size_t j = 0; j < weights.size(); ++j) {
    weights[j] = score_of(row, j, type);
    maximum = std::max(maximum, weights[j]);
  }
  double sum = row.sink ? std::exp(*row.sink - maximum) : 0;
  for (double& w : weights) sum += w = std::exp(w - maximum);
  for (std::size_t j = 0; j < weights.size(); ++j) {
    const double p = representable(type, weights[j] / sum);
    for (std::size_t c = 0; c < out.size(); ++c) out[c] += p * row.v[j * out.size() + c];
  }
  for (double& x : out) x = representable(type, x);
  return out;
}

}  // namespace attest::check
