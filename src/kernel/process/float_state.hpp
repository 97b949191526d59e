// The floating-point modes of a thread: rounding, precision, traps, flushing of subnormals.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace attest::kernel {

/// On x86-64 of both units, the vector unit (MXCSR) and the x87, which have modes of their own.
class FloatState {
 public:
  static FloatState now();
  void restore() const;

  /// What differs in `after`: "the rounding mode".
  std::vector<std::string> changes(const FloatState& after) const;
  bool flushes() const { return flushing() != 0; }
  /// Makes flushing equal to that of the other, so that changes() does not tell it.
  void set_flushing(const FloatState& other);

 private:
  std::uint64_t flushing() const;

  std::uint64_t vector_ = 0;  ///< MXCSR without its flags; FPCR
  std::uint16_t x87_ = 0;     ///< the control word; 0 where there is none
  int rounding_ = 0;          ///< of other machines
};

}  // namespace attest::kernel
