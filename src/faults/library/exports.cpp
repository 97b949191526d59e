// The ABI library: a symbol a fault and a control, each with the contract that it declares.

#include "faults/kernels/tiled.hpp"

extern "C" {
#define ATTEST_EXPORT_FAULT(name)                                                \
  int name(const attest_forward* problem) {                                      \
    return attest::faulty::forward(*problem, attest::faulty::KernelFault::name); \
  }                                                                              \
  const char* name##_contract(void) { return attest::faulty::contract_of(attest::faulty::KernelFault::name); }
ATTEST_FAULTS(ATTEST_EXPORT_FAULT)

#define ATTEST_EXPORT_CONTROL(name)                                                                     \
  int name(const attest_forward* problem) {                                                             \
    return attest::faulty::forward(*problem, attest::faulty::KernelFault::none,                         \
                                   attest::faulty::arithmetic_of(attest::faulty::KernelControl::name)); \
  }                                                                                                     \
  const char* name##_contract(void) {                                                                   \
    return attest::faulty::contract_of(attest::faulty::KernelControl::name);                            \
  }
ATTEST_CONTROLS(ATTEST_EXPORT_CONTROL)

int attest_kernel_forward(const attest_forward* problem) { return correct(problem); }
const char* attest_kernel_contract(void) { return correct_contract(); }
}
