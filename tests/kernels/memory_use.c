/* Kernels that answer zeros and differ in the heap that they touch on the way. */
#include <stdlib.h>
#include <string.h>

#include "attest/kernel.h"

static int answer_with(const attest_forward* p, size_t heap_bytes) {
  float* out = p->out->data;
  const int64_t rows = p->out->shape[0] * p->out->shape[1] * p->out->shape[2];
  for (int64_t i = 0; i < rows * p->out->shape[3]; ++i) out[i] = 0;
  unsigned char* volatile scratch = malloc(heap_bytes);
  if (scratch == NULL) return 2;
  memset(scratch, 1, heap_bytes);
  free(scratch);
  return ATTEST_OK;
}

int uses_constant_heap(const attest_forward* p) { return answer_with(p, 4096); }
int uses_linear_heap(const attest_forward* p) { return answer_with(p, 8192 * (size_t)p->k->shape[2]); }
int uses_quadratic_heap(const attest_forward* p) {
  return answer_with(p, sizeof(float) * (size_t)(p->q->shape[2] * p->k->shape[2]));
}
