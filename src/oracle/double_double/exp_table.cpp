#include "oracle/double_double/exp_table.hpp"

#include <mpfr.h>

namespace attest::oracle::dd {

const ExpTable& exp_table() {
  static const ExpTable table = [] {
    ExpTable t;
    mpfr_t power;
    mpfr_init2(power, 256);
    for (std::size_t j = 0; j < kExpSteps; ++j) {
      mpfr_set_d(power, static_cast<double>(j) / kExpSteps, MPFR_RNDN);
      mpfr_exp2(power, power, MPFR_RNDN);
      t.hi[j] = mpfr_get_d(power, MPFR_RNDN);
      mpfr_sub_d(power, power, t.hi[j], MPFR_RNDN);
      t.lo[j] = mpfr_get_d(power, MPFR_RNDN);
    }
    mpfr_clear(power);
    return t;
  }();
  return table;
}

}  // namespace attest::oracle::dd
