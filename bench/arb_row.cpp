#include <cmath>

#include <arb.h>

#include "peers.hpp"

namespace attest::bench {
namespace {

// A vector of balls; exact copies of doubles where made from them.
class Balls {
 public:
  explicit Balls(std::size_t count) : count_(static_cast<slong>(count)), x_(_arb_vec_init(count_)) {}
  explicit Balls(const std::vector<double>& values) : Balls(values.size()) {
    for (std::size_t i = 0; i < values.size(); ++i) arb_set_d((*this)[i], values[i]);
  }
  Balls(const Balls&) = delete;
  Balls& operator=(const Balls&) = delete;
  ~Balls() { _arb_vec_clear(x_, count_); }
  arb_ptr operator[](std::size_t i) { return x_ + i; }

 private:
  slong count_;
  arb_ptr x_;
};

Ball ball_of(const arb_t x) {
  Ball ball;
  ball.middle = arf_get_d(arb_midref(x), ARF_RND_NEAR);
  ball.radius = mag_get_d(arb_radref(x)) * (1 + 0x1p-30) + std::fabs(ball.middle) * 0x1p-53 + 0x1p-1074;
  return ball;
}

}  // namespace

std::vector<Ball> arb_row(const oracle::Row& row, long bits) {
  const auto d = static_cast<std::size_t>(row.qk_dim);
  const auto channels = static_cast<std::size_t>(row.v_dim);
  const auto keys = static_cast<std::size_t>(row.keys);
  Balls q(row.q);
  Balls k(row.k);
  Balls v(row.v);
  Balls weights(keys);
  Balls scratch(3);
  arb_ptr scale = scratch[0];
  arb_ptr sum = scratch[1];
  arb_ptr result = scratch[2];
  arb_set_d(scale, row.scale);
  for (std::size_t j = 0; j < keys; ++j) {
    arb_dot(weights[j], nullptr, 0, q[0], 1, k[j * d], 1, row.qk_dim, bits);
    arb_mul(weights[j], weights[j], scale, bits);
    arb_exp(weights[j], weights[j], bits);
    arb_add(sum, sum, weights[j], bits);
  }
  std::vector<Ball> balls;
  for (std::size_t c = 0; c < channels; ++c) {
    arb_dot(result, nullptr, 0, weights[0], 1, v[c], row.v_dim, row.keys, bits);
    arb_div(result, result, sum, bits);
    balls.push_back(ball_of(result));
  }
  arb_log(result, sum, bits);
  balls.push_back(ball_of(result));
  return balls;
}

std::string version_of_arb() { return ::arb_version; }

}  // namespace attest::bench
