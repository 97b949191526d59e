#include "numerics/environment.hpp"

#include <cfenv>
#include <stdexcept>

#include <gtest/gtest.h>
#include <xmmintrin.h>

namespace attest {
namespace {

class SavedEnvironment {
 public:
  SavedEnvironment() : csr_(_mm_getcsr()) {}
  SavedEnvironment(const SavedEnvironment&) = delete;
  SavedEnvironment& operator=(const SavedEnvironment&) = delete;
  ~SavedEnvironment() {
    std::fesetround(FE_TONEAREST);
    _mm_setcsr(csr_);
  }

 private:
  unsigned csr_;
};

TEST(Environment, AnotherRoundingModeIsRefused) {
  const SavedEnvironment saved;
  std::fesetround(FE_UPWARD);
  EXPECT_THROW(require_default_environment(), std::logic_error);
}

TEST(Environment, FlushingResultsIsRefused) {
  const SavedEnvironment saved;
  _mm_setcsr(_mm_getcsr() | 0x8000U);
  EXPECT_THROW(require_default_environment(), std::logic_error);
}

TEST(Environment, FlushingInputsIsRefused) {
  const SavedEnvironment saved;
  _mm_setcsr(_mm_getcsr() | 0x0040U);
  EXPECT_THROW(require_default_environment(), std::logic_error);
}

}  // namespace
}  // namespace attest
