#include "kernel/process/float_state.hpp"

#include <cfenv>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace attest::kernel {
namespace {

#if defined(__x86_64__)
constexpr std::uint64_t kFlags = 0x3f;
constexpr std::uint64_t kFlushing = 0x8040;  // flush to zero, denormals are zero
constexpr std::uint64_t kRounding = 0x6000;
constexpr std::uint64_t kTraps = 0x1f80;
std::uint64_t vector_modes() { return _mm_getcsr() & ~kFlags; }
void set_vector_modes(std::uint64_t modes) { _mm_setcsr(static_cast<unsigned>(modes)); }
std::uint16_t x87_modes() {
  std::uint16_t word = 0;
  asm volatile("fnstcw %0" : "=m"(word));
  return word;
}
// Pending exceptions would trap at the next instruction once they are unmasked.
void set_x87_modes(std::uint16_t word) {
  asm volatile("fnclex");
  asm volatile("fldcw %0" : : "m"(word));
}
#elif defined(__aarch64__)
constexpr std::uint64_t kFlushing = std::uint64_t{1} << 24;  // FZ
constexpr std::uint64_t kRounding = std::uint64_t{3} << 22;
constexpr std::uint64_t kTraps = 0x9f00;
std::uint64_t vector_modes() {
  std::uint64_t fpcr = 0;
  asm volatile("mrs %0, fpcr" : "=r"(fpcr));
  return fpcr;
}
void set_vector_modes(std::uint64_t modes) { asm volatile("msr fpcr, %0" : : "r"(modes)); }
std::uint16_t x87_modes() { return 0; }
void set_x87_modes(std::uint16_t) {}
#else
constexpr std::uint64_t kFlushing = 0, kRounding = 0, kTraps = 0;
std::uint64_t vector_modes() { return 0; }
void set_vector_modes(std::uint64_t) {}
std::uint16_t x87_modes() { return 0; }
void set_x87_modes(std::uint16_t) {}
#endif
constexpr unsigned kX87Traps = 0x3f, kX87Precision = 0x300, kX87Rounding = 0xc00;

}  // namespace

FloatState FloatState::now() {
  FloatState state;
  state.vector_ = vector_modes();
  state.x87_ = x87_modes();
  state.rounding_ = std::fegetround();
  return state;
}

std::uint64_t FloatState::flushing() const { return vector_ & kFlushing; }

void FloatState::set_flushing(const FloatState& other) {
  vector_ = (vector_ & ~kFlushing) | (other.vector_ & kFlushing);
}

std::vector<std::string> FloatState::changes(const FloatState& after) const {
  std::vector<std::string> list;
  const std::uint64_t vector = vector_ ^ after.vector_;
  const unsigned x87 = static_cast<unsigned>(x87_) ^ static_cast<unsigned>(after.x87_);
  if ((vector & kRounding) != 0 || (x87 & kX87Rounding) != 0 || rounding_ != after.rounding_)
    list.emplace_back("the rounding mode");
  if ((vector & kFlushing) != 0) list.emplace_back("whether subnormals are flushed to zero");
  if ((vector & kTraps) != 0 || (x87 & kX87Traps) != 0) list.emplace_back("floating-point traps");
  if ((x87 & kX87Precision) != 0) list.emplace_back("the precision of the x87 unit");
  return list;
}

void FloatState::restore() const {
  std::fesetround(rounding_);
  set_x87_modes(x87_);
  set_vector_modes(vector_);
}

}  // namespace attest::kernel
