#include <cmath>

#include <mpfr.h>

#include "peers.hpp"

namespace attest::bench {
namespace {

class Numbers {
 public:
  Numbers(std::size_t count, long bits) : x_(count) {
    for (auto& x : x_) {
      mpfr_init2(x.value, bits);
      mpfr_set_zero(x.value, 1);
    }
  }
  Numbers(const Numbers&) = delete;
  Numbers& operator=(const Numbers&) = delete;
  ~Numbers() {
    for (auto& x : x_) mpfr_clear(x.value);
  }
  mpfr_ptr operator[](std::size_t i) { return x_[i].value; }

 private:
  struct Number {
    mpfr_t value;
  };
  std::vector<Number> x_;
};

}  // namespace

std::vector<double> mpfr_row(const oracle::Row& row, long bits) {
  const auto d = static_cast<std::size_t>(row.qk_dim);
  const auto channels = static_cast<std::size_t>(row.v_dim);
  Numbers q(d, bits);
  Numbers numerator(channels, bits);
  Numbers scratch(3, bits);
  mpfr_ptr weight = scratch[0];
  mpfr_ptr element = scratch[1];
  mpfr_ptr sum = scratch[2];
  for (std::size_t c = 0; c < d; ++c) {
    mpfr_set_d(q[c], row.q[c], MPFR_RNDN);
    mpfr_mul_d(q[c], q[c], row.scale, MPFR_RNDN);
  }
  for (std::size_t j = 0; j < static_cast<std::size_t>(row.keys); ++j) {
    mpfr_set_zero(weight, 1);
    for (std::size_t c = 0; c < d; ++c) {
      mpfr_set_d(element, row.k[j * d + c], MPFR_RNDN);
      mpfr_fma(weight, q[c], element, weight, MPFR_RNDN);
    }
    mpfr_exp(weight, weight, MPFR_RNDN);  // no shift: MPFR's exponents hold any weight
    mpfr_add(sum, sum, weight, MPFR_RNDN);
    for (std::size_t c = 0; c < channels; ++c) {
      mpfr_set_d(element, row.v[j * channels + c], MPFR_RNDN);
      mpfr_fma(numerator[c], weight, element, numerator[c], MPFR_RNDN);
    }
  }
  std::vector<double> result;
  for (std::size_t c = 0; c < channels; ++c) {
    mpfr_div(element, numerator[c], sum, MPFR_RNDN);
    result.push_back(mpfr_get_d(element, MPFR_RNDN));
  }
  mpfr_log(element, sum, MPFR_RNDN);
  result.push_back(mpfr_get_d(element, MPFR_RNDN));
  return result;
}

std::string version_of_mpfr() { return mpfr_get_version(); }

}  // namespace attest::bench
