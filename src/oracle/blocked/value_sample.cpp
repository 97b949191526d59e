#include "oracle/blocked/value_sample.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/blocked/head.hpp"
#include "problem/key_value.hpp"

namespace attest::oracle::blocked {

void ValueSample::load() {
  loaded_ = true;
  const auto v_dim = static_cast<std::size_t>(problem_.v_dim());
  low_.assign(v_dim, HUGE_VAL);
  high_.assign(v_dim, -HUGE_VAL);
  std::vector<double> value(v_dim);
  constexpr std::int64_t kTries = 16;
  const std::int64_t step = std::max<std::int64_t>(1, (range_.end - range_.begin) / kTries);
  for (std::int64_t j = range_.begin; j < range_.end; j += step) {
    if (!visible(problem_, b_, h_, i_, j)) continue;
    KeyValue(problem_).load_value(b_, kv_head_of(problem_, h_), j, value.data());
    for (std::size_t c = 0; c < v_dim; ++c) {
      low_[c] = std::min(low_[c], value[c]);
      high_[c] = std::max(high_[c], value[c]);
    }
  }
}

double ValueSample::low(std::size_t channel) {
  if (!loaded_) load();
  return low_[channel];
}

double ValueSample::high(std::size_t channel) {
  if (!loaded_) load();
  return high_[channel];
}

double ValueSample::limit(std::size_t channel) {
  const double lowest = low(channel);
  const double highest = high(channel);
  if (!(lowest <= highest)) return 0;
  return std::max(highest / 4 - lowest / 4, std::max(std::fabs(lowest), std::fabs(highest)) / 16);
}

}  // namespace attest::oracle::blocked
