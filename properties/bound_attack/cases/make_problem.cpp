// The tensors of an attack: scores and values in patterns that make roundings count.
#include <algorithm>
#include <array>
#include <cmath>

#include "bound_attack/cases/case_spec.hpp"
#include "bound_attack/emulator/random.hpp"

namespace attest::attack {
namespace {

class ProblemMaker {
 public:
  explicit ProblemMaker(const CaseSpec& spec) : s_(spec), random_(spec.seed) {}

  Problem make() {
    const std::int64_t heads = std::int64_t{s_.kv_heads} * s_.group;
    p_.q = Tensor(s_.q_dtype, {s_.batch, heads, s_.q_len, s_.qk_dim});
    p_.k = Tensor(s_.kv_dtype, {s_.batch, s_.kv_heads, s_.kv_len, s_.qk_dim});
    p_.v = Tensor(s_.kv_dtype, {s_.batch, s_.kv_heads, s_.kv_len, s_.v_dim});
    const std::array<double, 6> scales{
        1 / std::sqrt(static_cast<double>(s_.qk_dim)), 1, 0.0625, 0.1, 3, -0.5};
    p_.scale = scales.at(static_cast<std::size_t>(s_.scale));
    p_.causal = static_cast<Causal>(s_.causal);
    p_.window_left = s_.window_left;
    p_.window_right = s_.window_right;
    p_.softcap = s_.softcap;
    fill_queries_and_keys();
    fill_values();
    add_optional_tensors(heads);
    return std::move(p_);
  }

 private:
  // Placed scores are lead * balance * (wanted / balance).
  double balance() const {
    const double least = format_of(s_.q_dtype).min_normal();
    if (s_.layout == Layout::lopsided_queries) return std::max(2 * least, 0x1p-100);
    if (s_.layout == Layout::lopsided_keys) return 1 / std::max(64 * least, 0x1p-100);
    return 1;
  }

  double size() const { return std::ldexp(1.0, s_.score_exponent); }

  // The score in nats that key j of n is to have.
  double wanted_score(int j) {
    const double n = std::max(1, s_.kv_len - 1);
    switch (s_.pattern) {
      case Pattern::flat:
        return size();
      case Pattern::rising:
        return size() * j / n;
      case Pattern::falling:
        return -size() * j / n;
      case Pattern::one_large:
        return j == s_.kv_len / 2 ? size() : 0;
      case Pattern::two_levels:
        return j % 2 == 0 ? 0 : -size();
      case Pattern::random:
        return size() * random_.normal();
      case Pattern::barely_rising:
        return 0.8 * std::ldexp(size(), -15) * (j + 1);
      case Pattern::zero:
        return 0;
    }
    return 0;
  }

  void set(Tensor& tensor, std::initializer_list<std::int64_t> index, double x) {
    const double limit = format_of(tensor.dtype()).max_finite();
    tensor.set(index, std::clamp(x, -limit, limit));
  }

  void fill_queries_and_keys() {
    const double scale = std::fabs(p_.scale);
    const double spread = s_.layout == Layout::cancelling ? 64 * size() : 1;
    // Placed: few significant bits, so that scores come out as wanted where the pattern is exact.
    const std::array<double, 3> leads{1, 1.25, 1 + random_.unit()};
    for (std::int64_t b = 0; b < s_.batch; ++b) {
      for (std::int64_t h = 0; h < p_.q.dim(1); ++h) {
        for (std::int64_t i = 0; i < s_.q_len; ++i) {
          const double lead = leads[random_.below(3)];
          for (std::int64_t c = 0; c < s_.qk_dim; ++c) {
            const bool used = c == 0 || (c == 1 && s_.layout == Layout::cancelling);
            const double x = s_.layout == Layout::gaussian ? random_.normal() : (used ? lead * balance() : 0);
            set(p_.q, {b, h, i, c}, x);
          }
        }
      }
      for (std::int64_t h = 0; h < s_.kv_heads; ++h) {
        for (int j = 0; j < s_.kv_len; ++j) fill_key(b, h, j, scale, spread);
      }
    }
  }

  void fill_key(std::int64_t b, std::int64_t h, int j, double scale, double spread) {
    const double x = wanted_score(j) / scale / balance();
    for (std::int64_t c = 0; c < s_.qk_dim; ++c) {
      double element = 0;
      if (s_.layout == Layout::gaussian)
        element = size() * random_.normal();
      else if (s_.layout != Layout::cancelling)
        element = c == 0 ? x : 0;
      else if (c < 2)
        element = c == 0 ? x + spread : (s_.qk_dim > 1 ? -spread : 0);
      set(p_.k, {b, h, j, c}, element);
    }
  }

  double value(int j, const Format& format) {
    switch (s_.values) {
      case Values::gaussian:
        return random_.normal();
      case Values::signs:
        return random_.sign();
      case Values::near_equal:
        return 1 + 4 * format.unit_roundoff() * random_.normal();
      case Values::one_large:
        return j == 0 ? 1000 : 1e-3 * random_.normal();
      case Values::unit_steps:
        return random_.flip() ? 1 : 0;
      case Values::tiny:
        return 8 * format.min_normal() * random_.normal();
      case Values::huge:
        return format.max_finite() / (4.0 * s_.kv_len) * (2 * random_.unit() - 1);
      case Values::top:
        return format.max_finite() * (1 - 0.25 * random_.unit()) * random_.sign();
      case Values::equal:
        return equal_;
      case Values::zeros:
        return 0;
    }
    return 0;
  }

  void fill_values() {
    for (std::int64_t b = 0; b < s_.batch; ++b) {
      for (std::int64_t h = 0; h < s_.kv_heads; ++h) {
        for (int j = 0; j < s_.kv_len; ++j) {
          for (std::int64_t c = 0; c < s_.v_dim; ++c) {
            set(p_.v, {b, h, j, c}, value(j, format_of(s_.kv_dtype)));
          }
        }
      }
    }
  }

  void add_optional_tensors(std::int64_t heads) {
    if (s_.mask) {
      p_.mask = Tensor(DType::u8, {1, 1, s_.q_len, s_.kv_len});
      for (std::int64_t at = 0; at < p_.mask->count(); ++at) {
        p_.mask->set({0, 0, at / s_.kv_len, at % s_.kv_len}, random_.below(10) < 7 ? 1 : 0);
      }
    }
    if (s_.bias) add_bias();
    if (s_.alibi) {
      p_.alibi_slopes = Tensor(DType::f32, {heads});
      for (std::int64_t h = 0; h < heads; ++h)
        p_.alibi_slopes->set({h}, std::ldexp(1 + random_.unit(), -1 - static_cast<int>(random_.below(24))));
    }
    if (s_.sink) {
      p_.sink = Tensor(DType::f32, {heads});
      for (std::int64_t h = 0; h < heads; ++h) {
        const double x = random_.below(8) == 0 ? -HUGE_VAL : 4 * size() * random_.normal();
        p_.sink->set({h}, x);
      }
    }
    if (s_.kv_lens) {
      p_.kv_lens = Tensor(DType::i32, {s_.batch});
      for (std::int64_t b = 0; b < s_.batch; ++b) {
        const auto length = random_.below(static_cast<std::size_t>(s_.kv_len) + 1);
        p_.kv_lens->set({b}, static_cast<double>(length));
      }
    }
  }

  // Sometimes the bias undoes most of q.k: small scores with large parts.
  void add_bias() {
    p_.bias = Tensor(DType::f32, {1, 1, s_.q_len, s_.kv_len});
    const bool undoes = s_.layout == Layout::placed && random_.flip();
    for (std::int64_t i = 0; i < s_.q_len; ++i) {
      for (std::int64_t j = 0; j < s_.kv_len; ++j) {
        double x = size() * random_.normal();
        if (undoes) x = -p_.scale * p_.q.at({0, 0, i, 0}) * p_.k.at({0, 0, j, 0}) + 0.125 * random_.normal();
        if (random_.below(12) == 0) x = -HUGE_VAL;
        p_.bias->set({0, 0, i, j}, x);
      }
    }
  }

  const CaseSpec& s_;
  Random random_;
  double equal_ = random_.normal();
  Problem p_;
};

}  // namespace

Problem make_problem(const CaseSpec& spec) { return ProblemMaker(spec).make(); }

}  // namespace attest::attack
