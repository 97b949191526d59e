/* Every optional export, and a kernel that answers with the alignment of what it was given. */
#include "attest/kernel.h"

const char* attest_kernel_name(void) { return "Declared Name"; }
const char* attest_kernel_contract(void) { return "f32;division=reciprocal"; }
size_t attest_kernel_alignment(void) { return 64; }

/* out[c] for c = 0, 1, 2: the largest power of two that divides the address of q, k, v. */
int attest_kernel_forward(const attest_forward* p) {
  const DLTensor* inputs[3] = {p->q, p->k, p->v};
  for (int c = 0; c < 3; ++c) {
    const uintptr_t address = (uintptr_t)inputs[c]->data;
    ((float*)p->out->data)[c] = (float)(address & (~address + 1));
  }
  return ATTEST_OK;
}
