/* Two kernels, neither under the default name; each declines everything. */
#include "attest/kernel.h"

extern const int a_table[2];
const int a_table[2] = {1, 2};

int my_attention(const attest_forward* problem);
int my_decode(const attest_forward* problem);
const char* my_attention_contract(void);

int my_attention(const attest_forward* problem) { return problem != NULL ? ATTEST_UNSUPPORTED : 2; }
int my_decode(const attest_forward* problem) { return problem != NULL ? ATTEST_UNSUPPORTED : 2; }

const char* my_attention_contract(void) { return "flash-bf16"; }
const char* attest_kernel_contract(void) { return "f32"; }
