#include "bound_attack/emulator/row_input.hpp"

#include <algorithm>
#include <cmath>

namespace attest::attack {
namespace {

bool sees(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j,
          std::int64_t position) {
  const bool past = p.causal != Causal::none && j > position;
  const bool left = p.window_left >= 0 && position - j > p.window_left;
  const bool right = p.window_right >= 0 && j - position > p.window_right;
  const bool masked = p.mask.has_value() && p.mask->at({b, h, i, j}) < 1;
  const bool biased_away = p.bias.has_value() && std::isinf(p.bias->at({b, h, i, j}));
  return !(past || left || right || masked || biased_away);
}

long double ideal_score(const RowInput& row, const KeyInput& key) {
  long double s = 0;
  for (std::size_t c = 0; c < row.q.size(); ++c) s += static_cast<long double>(row.q[c]) * key.k[c];
  s *= row.scale;
  if (row.softcap != 0) s = row.softcap * std::tanh(s / row.softcap);
  if (row.has_bias) s += key.bias;
  if (row.has_alibi) s -= static_cast<long double>(row.slope) * key.distance;
  return s;
}

}  // namespace

RowInput read_row(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i) {
  RowInput row;
  const std::int64_t kv_head = h * p.kv_heads() / p.q_heads();
  row.existing = p.kv_lens ? static_cast<std::int64_t>(p.kv_lens->at({b})) : p.kv_len();
  const std::int64_t position = p.causal == Causal::top_left ? i : row.existing - p.q_len() + i;
  row.position = position;
  row.q_format = format_of(p.q.dtype());
  row.kv_format = format_of(p.k.dtype());
  row.scale = p.scale;
  row.softcap = p.softcap;
  row.has_bias = p.bias.has_value();
  row.has_alibi = p.alibi_slopes.has_value();
  if (row.has_alibi) row.slope = p.alibi_slopes->at({h});
  if (p.sink && std::isfinite(p.sink->at({h}))) row.sink = p.sink->at({h});
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) row.q.push_back(p.q.at({b, h, i, c}));
  for (std::int64_t j = 0; j < row.existing; ++j) {
    if (!sees(p, b, h, i, j, position)) continue;
    KeyInput key;
    key.index = j;
    for (std::int64_t c = 0; c < p.qk_dim(); ++c) key.k.push_back(p.k.at({b, kv_head, j, c}));
    for (std::int64_t c = 0; c < p.v_dim(); ++c) key.v.push_back(p.v.at({b, kv_head, j, c}));
    if (row.has_bias) key.bias = p.bias->at({b, h, i, j});
    key.distance = std::fabs(static_cast<double>(position) - static_cast<double>(j));
    row.keys.push_back(std::move(key));
  }
  return row;
}

Ideal ideal_row(const RowInput& row) {
  Ideal ideal;
  for (const KeyInput& key : row.keys) ideal.probability.push_back(ideal_score(row, key));
  if (row.sink) ideal.probability.push_back(*row.sink);
  if (ideal.probability.empty()) return ideal;
  const long double largest = *std::max_element(ideal.probability.begin(), ideal.probability.end());
  long double sum = 0;
  for (long double& s : ideal.probability) sum += s = std::exp(s - largest);
  for (long double& p : ideal.probability) p /= sum;
  if (row.keys.empty()) return ideal;
  ideal.out.assign(row.keys.front().v.size(), 0);
  for (std::size_t j = 0; j < row.keys.size(); ++j) {
    for (std::size_t c = 0; c < ideal.out.size(); ++c) {
      ideal.out[c] += ideal.probability[j] * row.keys[j].v[c];
    }
  }
  return ideal;
}

}  // namespace attest::attack
