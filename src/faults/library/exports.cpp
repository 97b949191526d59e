// The ABI library: a symbol a fault, a control and a narrow kernel, each with the contract that it declares.

#include "faults/kernels/gate.hpp"
#include "faults/kernels/memory.hpp"
#include "faults/kernels/tiled.hpp"

extern "C" {
#define FAULT(name, number, depends, signature, shows_in, sentence)                                 \
  int name(const attest_forward* problem) {                                                         \
    static attest::faults::faulty::Memory memory;                                                   \
    return attest::faults::faulty::forward(*problem, attest::faults::faulty::KernelFault::name, {}, \
                                           &memory);                                                \
  }                                                                                                 \
  const char* name##_contract(void) {                                                               \
    return attest::faults::faulty::contract_of(attest::faults::faulty::KernelFault::name);          \
  }
#include "faults/root_cause/root_causes.def"

#define CONTROL(name, sentence)                                                              \
  int name(const attest_forward* problem) {                                                  \
    return attest::faults::faulty::forward(                                                  \
        *problem, attest::faults::faulty::KernelFault::none,                                 \
        attest::faults::faulty::arithmetic_of(attest::faults::faulty::KernelControl::name)); \
  }                                                                                          \
  const char* name##_contract(void) {                                                        \
    return attest::faults::faulty::contract_of(attest::faults::faulty::KernelControl::name); \
  }

#define NARROW(name, gate, fault)                                                                        \
  int name(const attest_forward* problem) {                                                              \
    return attest::faults::faulty::narrow_forward(*problem, attest::faults::faulty::NarrowKernel::name); \
  }                                                                                                      \
  const char* name##_contract(void) {                                                                    \
    return attest::faults::faulty::contract_of(attest::faults::faulty::KernelFault::fault);              \
  }
#include "faults/kernels/other_kernels.def"

int attest_kernel_forward(const attest_forward* problem) { return correct(problem); }
const char* attest_kernel_contract(void) { return correct_contract(); }
}
