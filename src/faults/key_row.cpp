#include "faults/key_row.hpp"

#include <cmath>
#include <utility>

namespace attest {

void KeyRow::append(std::int64_t key, double score, const std::vector<double>& value) {
  // q.k, softcap and distance are 0, so the bias is the score.
  if (row.bias.empty()) row.bias.assign(size(), 0);
  row.bias.push_back(score);
  if (row.slope != 0 || !row.distance.empty()) row.distance.push_back(0);
  row.k.insert(row.k.end(), static_cast<std::size_t>(row.qk_dim), 0);
  if (value.empty()) row.v.insert(row.v.end(), static_cast<std::size_t>(row.v_dim), 0);
  row.v.insert(row.v.end(), value.begin(), value.end());
  for (const double x : value) row.finite = row.finite && std::isfinite(x);
  keys.push_back(key);
  ++row.keys;
}

void KeyRow::shift_score(std::size_t n, long double by) {
  if (row.bias.empty()) row.bias.assign(size(), 0);
  row.bias[n] = static_cast<double>(static_cast<long double>(row.bias[n]) + by);
}

void KeyRow::scale_value(std::size_t n, long double by) {
  const auto width = static_cast<std::size_t>(row.v_dim);
  for (std::size_t c = 0; c < width; ++c) {
    double& x = row.v[n * width + c];
    x = static_cast<double>(static_cast<long double>(x) * by);
  }
}

KeyRow key_row(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i,
               std::vector<std::int64_t> keys) {
  KeyRow made{gather_row(problem, b, h, i, keys), {}};
  made.keys = std::move(keys);
  return made;
}

std::vector<long double> products_of(const Row& row) {
  std::vector<long double> products;
  const auto width = static_cast<std::size_t>(row.qk_dim);
  for (std::size_t n = 0; n < static_cast<std::size_t>(row.keys); ++n) {
    long double dot = 0;
    for (std::size_t c = 0; c < width; ++c) {
      dot += static_cast<long double>(row.q[c]) * static_cast<long double>(row.k[n * width + c]);
    }
    products.push_back(dot);
  }
  return products;
}

long double capped(const Row& row, long double product) {
  const long double s = static_cast<long double>(row.scale) * product;
  const auto cap = static_cast<long double>(row.softcap);
  return cap == 0 ? s : cap * std::tanh(s / cap);
}

std::vector<long double> scores_of(const Row& row) {
  std::vector<long double> scores = products_of(row);
  for (std::size_t n = 0; n < scores.size(); ++n) {
    scores[n] = capped(row, scores[n]);
    if (!row.bias.empty()) scores[n] += static_cast<long double>(row.bias[n]);
    if (!row.distance.empty()) {
      scores[n] -= static_cast<long double>(row.slope) * static_cast<long double>(row.distance[n]);
    }
  }
  return scores;
}

}  // namespace attest
