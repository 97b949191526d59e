// The largest relative error of the vector exponentials over many points, against MPFR: the long form of
// tests/oracle/blocked_exp_test.cpp and double_double_exp_test.cpp.
// Usage: attest_exp_accuracy [POINTS, 1e8 unless given] [SEED] [f64 (unless given) | double-double]
#include <cmath>
#include <cstdlib>
#include <random>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <mpfr.h>

#include "oracle/blocked/kernels.hpp"
#include "oracle/double_double/kernels.hpp"

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

// The largest error that a number of points had.
struct Worst {
  double share = 0;  // of the stated error
  double at = 0;

  void see(double share_, double x) {
    if (share_ <= share) return;  // a NaN is seen
    share = share_;
    at = x;
  }
};

void see_f64(const std::vector<double>& x, Worst& worst) {
  std::vector<double> y(x.size());
  attest::oracle::blocked::exponentials(x.data(), y.data(), x.size());
  mpfr_t exact;
  mpfr_init2(exact, 64);
  for (std::size_t i = 0; i < x.size(); ++i) {
    mpfr_set_d(exact, x[i], MPFR_RNDN);
    mpfr_exp(exact, exact, MPFR_RNDN);
    const long double reference = mpfr_get_ld(exact, MPFR_RNDN);
    worst.see(static_cast<double>(std::fabs((y[i] - reference) / reference)) / 0x1p-50, x[i]);
  }
  mpfr_clear(exact);
}

// Low parts are half an ulp at most, of either sign.
void see_double_double(const std::vector<double>& points, Worst& worst) {
  std::vector<double> x;
  for (const double point : points) x.push_back(std::fmin(std::fmax(point, -600), 400));
  std::vector<double> x_lo;
  for (std::size_t i = 0; i < x.size(); ++i) {
    x_lo.push_back(x[i] * 0x1p-54 * (1 - static_cast<double>(i % 128) / 64));
  }
  std::vector<double> y(x.size());
  std::vector<double> y_lo(x.size());
  attest::oracle::dd::exponentials(x.data(), x_lo.data(), y.data(), y_lo.data(), x.size());
  mpfr_t exact;
  mpfr_t error;
  mpfr_inits2(160, exact, error, nullptr);
  for (std::size_t i = 0; i < x.size(); ++i) {
    mpfr_set_d(exact, x[i], MPFR_RNDN);
    mpfr_add_d(exact, exact, x_lo[i], MPFR_RNDN);
    mpfr_exp(exact, exact, MPFR_RNDN);
    mpfr_sub_d(error, exact, y[i], MPFR_RNDN);
    mpfr_sub_d(error, error, y_lo[i], MPFR_RNDN);
    mpfr_div(error, error, exact, MPFR_RNDN);
    worst.see(std::fabs(mpfr_get_d(error, MPFR_RNDA)) / (0x1p-101 + 3 * 0x1p-106 * std::fabs(x[i])), x[i]);
  }
  mpfr_clears(exact, error, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
  const double wanted = argc > 1 ? std::atof(argv[1]) : 1e8;
  std::mt19937_64 random(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
  const std::string_view kind = argc > 3 ? argv[3] : "f64";
  if (!(wanted > 0) || (kind != "f64" && kind != "double-double")) {
    fmt::print(stderr, "usage: attest_exp_accuracy [POINTS] [SEED] [f64 | double-double]\n");
    return 64;
  }
  Worst worst;
  double count = 0;
  for (; count < wanted; count += kBatch) {
    if (kind == "f64") {
      see_f64(points(random), worst);
    } else {
      see_double_double(points(random), worst);
    }
  }
  fmt::print("{} points of {} on {}: largest relative error {:.4f} of what is stated ({}), at {:a}\n", count,
             kind, attest::oracle::blocked::instruction_set(), worst.share,
             kind == "f64" ? "2^-50" : "2^-101 + 3 * 2^-106 |x|", worst.at);
  return worst.share <= 1 ? 0 : 1;  // a NaN is no small error
}
