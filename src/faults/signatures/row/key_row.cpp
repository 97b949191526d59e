#include "faults/signatures/row/key_row.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace attest::faults {
namespace {

constexpr double kUnit = 0x1p-63;  // of long double, twice

}  // namespace

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
  if (!rounding.score.empty()) rounding.score.push_back(0);
  ++row.keys;
}

double KeyRow::slack() {
  if (slack_ >= 0) return slack_;
  // Dot products of qk_dim terms, a handful of operations, and at most one more a tile.
  double largest = row.sink ? std::fabs(*row.sink) : 0;
  const auto width = static_cast<std::size_t>(row.qk_dim);
  for (std::size_t n = 0; n < size(); ++n) {
    double size_of_score = row.bias.empty() ? 0 : std::fabs(row.bias[n]);
    if (!row.distance.empty()) size_of_score += std::fabs(row.slope * row.distance[n]);
    double dot = 0;
    for (std::size_t c = 0; c < width; ++c) dot += std::fabs(row.q[c] * row.k[n * width + c]);
    largest = std::max(largest, size_of_score + std::fabs(row.scale) * dot);
  }
  slack_ = kUnit * (static_cast<double>(row.qk_dim) + 16 + static_cast<double>(size())) * largest;
  return slack_;
}

void KeyRow::shift_score(std::size_t n, long double by) {
  const double slack_of_scores = slack();
  if (row.bias.empty()) row.bias.assign(size(), 0);
  if (rounding.score.empty()) rounding.score.assign(size(), 0);
  const long double exact = static_cast<long double>(row.bias[n]) + by;
  row.bias[n] = static_cast<double>(exact);
  rounding.score[n] +=
      static_cast<double>(std::fabs(static_cast<long double>(row.bias[n]) - exact)) + slack_of_scores;
}

void KeyRow::scale_value(std::size_t n, long double by, std::size_t factors) {
  // Terms are off by their scores; a term is added once and rescaled at most twice.
  const double factor_error = std::expm1(2 * slack()) + 4 * kUnit * static_cast<double>(size());
  rounding.value = std::max(rounding.value, 0x1p-53 + static_cast<double>(factors) * factor_error);
  const auto width = static_cast<std::size_t>(row.v_dim);
  for (std::size_t c = 0; c < width; ++c) {
    double& x = row.v[n * width + c];
    x = static_cast<double>(static_cast<long double>(x) * by);
  }
}

void KeyRow::set_sink(long double score) {
  rounding.sink = slack();
  row.sink = static_cast<double>(score);
  rounding.sink += static_cast<double>(std::fabs(static_cast<long double>(*row.sink) - score));
}

KeyRow key_row(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i,
               std::vector<std::int64_t> keys) {
  KeyRow made;
  made.row = oracle::gather_row(problem, b, h, i, keys);
  made.keys = std::move(keys);
  return made;
}

std::vector<long double> products_of(const oracle::Row& row) {
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

long double capped(const oracle::Row& row, long double product) {
  const long double s = static_cast<long double>(row.scale) * product;
  const auto cap = static_cast<long double>(row.softcap);
  return cap == 0 ? s : cap * std::tanh(s / cap);
}

std::vector<long double> scores_of(const oracle::Row& row) {
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

}  // namespace attest::faults
