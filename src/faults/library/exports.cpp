// The ABI library: a symbol a fault, a control and a narrow kernel, each with the contract that it declares.

#include "faults/kernels/gate.hpp"
#include "faults/kernels/memory.hpp"
#include "faults/kernels/tiled.hpp"

extern "C" {
#define FAULT(name, number, depends, signature, shows_in, sentence)                           \
  int name(const attest_forward* problem) {                                                   \
    static attest::faulty::Memory memory;                                                     \
    return attest::faulty::forward(*problem, attest::faulty::KernelFault::name, {}, &memory); \
  }                                                                                           \
  const char* name##_contract(void) { return attest::faulty::contract_of(attest::faulty::KernelFault::name); }
#include "faults/root_cause/root_causes.def"

#define CONTROL(name, sentence)                                                                         \
  int name(const attest_forward* problem) {                                                             \
    return attest::faulty::forward(*problem, attest::faulty::KernelFault::none,                         \
                                   attest::faulty::arithmetic_of(attest::faulty::KernelControl::name)); \
  }                                                                                                     \
  const char* name##_contract(void) {                                                                   \
    return attest::faulty::contract_of(attest::faulty::KernelControl::name);                            \
  }

#define NARROW(name, gate, fault)                                                        \
  int name(const attest_forward* problem) {                                              \
    return attest::faulty::narrow_forward(*problem, attest::faulty::NarrowKernel::name); \
  }                                                                                      \
  const char* name##_contract(void) {                                                    \
    return attest::faulty::contract_of(attest::faulty::KernelFault::fault);              \
  }
#include "faults/kernels/other_kernels.def"

int attest_kernel_forward(const attest_forward* problem) { return correct(problem); }
const char* attest_kernel_contract(void) { return correct_contract(); }
}
