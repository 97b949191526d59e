/* A right kernel for the hostile ones: f32, contiguous or not, causal or not, and nothing else. Each of them
 * does one thing more, or instead. */
#ifndef ATTEST_HOSTILE_RIGHT_H
#define ATTEST_HOSTILE_RIGHT_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "attest/kernel.h"

#ifdef __cplusplus
#define EXPORT extern "C"
#else
#define EXPORT
#endif

static float* element(const DLTensor* t, int64_t b, int64_t h, int64_t i) {
  return (float*)t->data + b * t->strides[0] + h * t->strides[1] + i * t->strides[2];
}

static int is_f32(const DLTensor* t) { return t->dtype.code == kDLFloat && t->dtype.bits == 32; }

static int declined(const attest_forward* p) {
  const int features = p->lse != NULL || p->mask != NULL || p->bias != NULL || p->alibi_slopes != NULL ||
                       p->sink != NULL || p->kv_lens != NULL || p->softcap != 0;
  const int windows = p->window_left != -1 || p->window_right != -1;
  const int empty = p->q->data == NULL || p->k->data == NULL || p->v->data == NULL || p->out->data == NULL;
  const int long_rows = !empty && p->k->shape[2] > 256;
  return features || windows || empty || long_rows || !is_f32(p->q) || !is_f32(p->k) || !is_f32(p->v);
}

static void right_row(const attest_forward* p, int64_t b, int64_t h, int64_t i) {
  const int64_t kv_head = h / (p->q->shape[1] / p->k->shape[1]);
  const int64_t more = p->causal == ATTEST_CAUSAL_TOP_LEFT ? 0 : p->k->shape[2] - p->q->shape[2];
  const int64_t visible = p->causal == ATTEST_CAUSAL_NONE ? p->k->shape[2] : i + more + 1;
  const int64_t keys = visible < p->k->shape[2] ? visible : p->k->shape[2];
  const float* q = element(p->q, b, h, i);
  float* out = element(p->out, b, h, i);
  float scores[256];
  float largest = -INFINITY;
  float sum = 0;
  for (int64_t j = 0; j < keys; ++j) {
    const float* k = element(p->k, b, kv_head, j);
    float dot = 0;
    for (int64_t c = 0; c < p->q->shape[3]; ++c) dot += q[c * p->q->strides[3]] * k[c * p->k->strides[3]];
    scores[j] = dot * (float)p->scale;
    if (scores[j] > largest) largest = scores[j];
  }
  for (int64_t j = 0; j < keys; ++j) sum += scores[j] = expf(scores[j] - largest);
  for (int64_t c = 0; c < p->v->shape[3]; ++c) {
    float value = 0;
    for (int64_t j = 0; j < keys; ++j)
      value += scores[j] * element(p->v, b, kv_head, j)[c * p->v->strides[3]];
    out[c * p->out->strides[3]] = keys > 0 ? value / sum : 0;
  }
}

static inline int right(const attest_forward* p) {
  if (declined(p)) return ATTEST_UNSUPPORTED;
  for (int64_t b = 0; b < p->q->shape[0]; ++b) {
    for (int64_t h = 0; h < p->q->shape[1]; ++h) {
      for (int64_t i = 0; i < p->q->shape[2]; ++i) right_row(p, b, h, i);
    }
  }
  return ATTEST_OK;
}

/* attest_kernel_forward that does `deed` after a right result. */
#define RIGHT_THEN(deed)                                      \
  EXPORT int attest_kernel_forward(const attest_forward* p) { \
    const int status = right(p);                              \
    if (status == ATTEST_OK) deed;                            \
    return status;                                            \
  }

/* Instead of a result. */
#define INSTEAD(deed)                                         \
  EXPORT int attest_kernel_forward(const attest_forward* p) { \
    if (declined(p)) return ATTEST_UNSUPPORTED;               \
    deed;                                                     \
    return right(p);                                          \
  }

#endif
