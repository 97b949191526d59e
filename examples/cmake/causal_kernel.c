/* Causal attention in f32, one pass with an online softmax. Declines everything else.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <string.h>

#include <attest/kernel.h>

enum { MAX_DIM = 256 };

/* Only q, k, v, a scale and perhaps causality. Features that are not named here are NULL or 0 in `plain`. */
static int supported(const attest_forward* p) {
  const attest_forward plain = {.struct_size = sizeof plain,
                                .abi = ATTEST_KERNEL_ABI,
                                .q = p->q,
                                .k = p->k,
                                .v = p->v,
                                .out = p->out,
                                .lse = p->lse,
                                .scale = p->scale,
                                .causal = p->causal,
                                .window_left = -1,
                                .window_right = -1};
  const DLTensor* inputs[3] = {p->q, p->k, p->v};
  for (int i = 0; i < 3; ++i) {
    if (inputs[i]->dtype.code != kDLFloat || inputs[i]->dtype.bits != 32) return 0;
  }
  return memcmp(p, &plain, sizeof plain) == 0 && p->causal != ATTEST_CAUSAL_TOP_LEFT && p->v->shape[3] <= MAX_DIM;
}

static const float* row_of(const DLTensor* t, int64_t b, int64_t h, int64_t i) {
  return (const float*)t->data + b * t->strides[0] + h * t->strides[1] + i * t->strides[2];
}

/* The running maximum m, denominator l and numerator o of one row, over the keys before `end`. */
static void compute_row(const attest_forward* p, int64_t b, int64_t h, int64_t i, int64_t end) {
  const int64_t dim = p->v->shape[3];
  const int64_t kv_head = h / (p->q->shape[1] / p->k->shape[1]);
  const float* q = row_of(p->q, b, h, i);
  float m = -INFINITY, l = 0, o[MAX_DIM] = {0};
  for (int64_t j = 0; j < end; ++j) {
    const float* k = row_of(p->k, b, kv_head, j);
    const float* v = row_of(p->v, b, kv_head, j);
    float s = 0;
    for (int64_t c = 0; c < p->q->shape[3]; ++c) s += q[c * p->q->strides[3]] * k[c * p->k->strides[3]];
    s *= (float)p->scale;
    const float highest = s > m ? s : m;
    const float rescale = m == -INFINITY ? 0 : expf(m - highest);
    const float weight = expf(s - highest);
    l = l * rescale + weight;
    for (int64_t c = 0; c < dim; ++c) o[c] = o[c] * rescale + weight * v[c * p->v->strides[3]];
    m = highest;
  }
  float* out = (float*)row_of(p->out, b, h, i);
  for (int64_t c = 0; c < dim; ++c) out[c * p->out->strides[3]] = l == 0 ? 0 : o[c] / l;
  if (p->lse != NULL) {
    float* lse =
        (float*)p->lse->data + b * p->lse->strides[0] + h * p->lse->strides[1] + i * p->lse->strides[2];
    *lse = l == 0 ? -INFINITY : m + logf(l);
  }
}

/* Row i stands at the key i + k_len - q_len, and sees the keys up to there. */
static int64_t visible_keys(const attest_forward* p, int64_t i) {
  const int64_t k_len = p->k->shape[2];
  if (p->causal == ATTEST_CAUSAL_NONE) return k_len;
  return i + k_len - p->q->shape[2] + 1;
}

int attest_kernel_forward(const attest_forward* p) {
  if (!supported(p)) return ATTEST_UNSUPPORTED;
  for (int64_t b = 0; b < p->q->shape[0]; ++b) {
    for (int64_t h = 0; h < p->q->shape[1]; ++h) {
      for (int64_t i = 0; i < p->q->shape[2]; ++i) compute_row(p, b, h, i, visible_keys(p, i));
    }
  }
  return ATTEST_OK;
}
