// The largest relative error of the vector exponential over many points, against MPFR at 64 bits: the long
// form of tests/oracle/blocked_exp_test.cpp. Usage: attest_exp_accuracy [POINTS, 1e8 unless given] [SEED]
#include <cmath>
#include <cstdlib>
#include <random>
#include <vector>

#include <fmt/format.h>
#include <mpfr.h>

#include "oracle/blocked/kernels.hpp"

namespace {

constexpr std::size_t kBatch = 4096;

// Half of the points where weights are, half over the whole range.
std::vector<double> points(std::mt19937_64& random) {
  std::uniform_real_distribution<double> usual(-40, 40);
  std::uniform_real_distribution<double> wide(-700, 700);
  std::vector<double> x;
  for (std::size_t i = 0; i < kBatch; ++i) x.push_back(i % 2 == 0 ? usual(random) : wide(random));
  return x;
}

}  // namespace

int main(int argc, char** argv) {
  const double wanted = argc > 1 ? std::atof(argv[1]) : 1e8;
  std::mt19937_64 random(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
  std::vector<double> y(kBatch);
  mpfr_t exact;
  mpfr_init2(exact, 64);
  double worst = 0;
  double at = 0;
  double count = 0;
  for (; count < wanted; count += kBatch) {
    const std::vector<double> x = points(random);
    attest::blocked::exponentials(x.data(), y.data(), kBatch);
    for (std::size_t i = 0; i < kBatch; ++i) {
      mpfr_set_d(exact, x[i], MPFR_RNDN);
      mpfr_exp(exact, exact, MPFR_RNDN);
      const long double reference = mpfr_get_ld(exact, MPFR_RNDN);
      const double error = static_cast<double>(std::fabs((y[i] - reference) / reference));
      if (error > worst || std::isnan(error)) {
        worst = error;
        at = x[i];
      }
    }
  }
  mpfr_clear(exact);
  fmt::print("{} points on {}: largest relative error {:.3f} u (u = 2^-53) at {:a}; stated: 8 u\n", count,
             attest::blocked::instruction_set(), worst * 0x1p53, at);
  return worst <= 0x1p-50 ? 0 : 1;
}
