/* The simplest kernel that attest can check: f32, two passes over the visible keys, every feature of the ABI.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdlib.h>

#include <attest/kernel.h>

enum { OUT_OF_MEMORY = 2 };

static int is_f32(const DLTensor* t) { return t->dtype.code == kDLFloat && t->dtype.bits == 32; }

/* Strides count elements; an axis of extent 1 is read at 0, so that it broadcasts. */
static int64_t offset4(const DLTensor* t, int64_t b, int64_t h, int64_t i, int64_t j) {
  const int64_t index[4] = {b, h, i, j};
  int64_t offset = 0;
  for (int axis = 0; axis < 4; ++axis) {
    if (t->shape[axis] != 1) offset += index[axis] * t->strides[axis];
  }
  return offset;
}

static float load4(const DLTensor* t, int64_t b, int64_t h, int64_t i, int64_t j) {
  return ((const float*)t->data)[offset4(t, b, h, i, j)];
}

static float load1(const DLTensor* t, int64_t i) {
  return ((const float*)t->data)[t->shape[0] == 1 ? 0 : i * t->strides[0]];
}

static int64_t visible_length(const attest_forward* p, int64_t b) {
  if (p->kv_lens == NULL) return p->k->shape[2];
  return ((const int32_t*)p->kv_lens->data)[p->kv_lens->shape[0] == 1 ? 0 : b * p->kv_lens->strides[0]];
}

/* The query's position among the keys; may be negative, and then a causal row is empty. */
static int64_t position(const attest_forward* p, int64_t b, int64_t i) {
  if (p->causal == ATTEST_CAUSAL_TOP_LEFT) return i;
  return i + visible_length(p, b) - p->q->shape[2];
}

static int visible(const attest_forward* p, int64_t b, int64_t h, int64_t i, int64_t j) {
  const int64_t ahead = j - position(p, b, i);
  if (j >= visible_length(p, b)) return 0;
  if (p->causal != ATTEST_CAUSAL_NONE && ahead > 0) return 0;
  if (p->window_left != -1 && -ahead > p->window_left) return 0;
  if (p->window_right != -1 && ahead > p->window_right) return 0;
  if (p->mask != NULL && ((const uint8_t*)p->mask->data)[offset4(p->mask, b, h, i, j)] == 0) return 0;
  return p->bias == NULL || load4(p->bias, b, h, i, j) != -INFINITY;
}

static float score(const attest_forward* p, int64_t b, int64_t h, int64_t i, int64_t j) {
  const int64_t kv_head = h / (p->q->shape[1] / p->k->shape[1]);
  float dot = 0;
  for (int64_t c = 0; c < p->q->shape[3]; ++c) dot += load4(p->q, b, h, i, c) * load4(p->k, b, kv_head, j, c);
  float s = dot * (float)p->scale;
  if (p->softcap != 0) s = (float)p->softcap * tanhf(s / (float)p->softcap);
  if (p->bias != NULL) s += load4(p->bias, b, h, i, j);
  if (p->alibi_slopes != NULL) s -= load1(p->alibi_slopes, h) * (float)llabs(position(p, b, i) - j);
  return s;
}

/* Scores of one row, -inf where not visible. Returns the largest, the sink's included. */
static float score_row(const attest_forward* p, int64_t b, int64_t h, int64_t i, float* scores) {
  float largest = p->sink != NULL ? load1(p->sink, h) : -INFINITY;
  for (int64_t j = 0; j < p->k->shape[2]; ++j) {
    scores[j] = visible(p, b, h, i, j) ? score(p, b, h, i, j) : -INFINITY;
    if (scores[j] > largest) largest = scores[j];
  }
  return largest;
}

/* Turns scores into weights in place. Returns the denominator, in which the sink counts. */
static float weigh_row(const attest_forward* p, int64_t h, float largest, float* scores) {
  float denominator = p->sink != NULL ? expf(load1(p->sink, h) - largest) : 0;
  for (int64_t j = 0; j < p->k->shape[2]; ++j) {
    scores[j] = expf(scores[j] - largest);
    denominator += scores[j];
  }
  return denominator;
}

static void write_row(const attest_forward* p, int64_t b, int64_t h, int64_t i, const float* weights,
                      float denominator) {
  const int64_t kv_head = h / (p->q->shape[1] / p->k->shape[1]);
  for (int64_t c = 0; c < p->v->shape[3]; ++c) {
    float numerator = 0;
    for (int64_t j = 0; j < p->k->shape[2]; ++j) {
      /* Skipped, not multiplied by 0: padding may hold NaN. */
      if (weights[j] != 0) numerator += weights[j] * load4(p->v, b, kv_head, j, c);
    }
    ((float*)p->out->data)[offset4(p->out, b, h, i, c)] = numerator / denominator;
  }
}

static void write_empty_row(const attest_forward* p, int64_t b, int64_t h, int64_t i) {
  for (int64_t c = 0; c < p->v->shape[3]; ++c) ((float*)p->out->data)[offset4(p->out, b, h, i, c)] = 0;
}

static void write_lse(const attest_forward* p, int64_t b, int64_t h, int64_t i, float lse) {
  const int64_t* stride = p->lse->strides;
  ((float*)p->lse->data)[b * stride[0] + h * stride[1] + i * stride[2]] = lse;
}

static void attend_row(const attest_forward* p, int64_t b, int64_t h, int64_t i, float* scores) {
  const float largest = score_row(p, b, h, i, scores);
  if (largest == -INFINITY) {
    write_empty_row(p, b, h, i);
    if (p->lse != NULL) write_lse(p, b, h, i, -INFINITY);
    return;
  }
  const float denominator = weigh_row(p, h, largest, scores);
  write_row(p, b, h, i, scores, denominator);
  if (p->lse != NULL) write_lse(p, b, h, i, largest + logf(denominator));
}

int attest_kernel_forward(const attest_forward* p) {
  if (p->abi != ATTEST_KERNEL_ABI || !is_f32(p->q) || !is_f32(p->k)) return ATTEST_UNSUPPORTED;
  float* scores = malloc(sizeof(float) * (size_t)(p->k->shape[2] + 1));
  if (scores == NULL) return OUT_OF_MEMORY;
  for (int64_t b = 0; b < p->q->shape[0]; ++b) {
    for (int64_t h = 0; h < p->q->shape[1]; ++h) {
      for (int64_t i = 0; i < p->q->shape[2]; ++i) attend_row(p, b, h, i, scores);
    }
  }
  free(scores);
  return ATTEST_OK;
}

const char* attest_kernel_name(void) { return "naive"; }
const char* attest_kernel_contract(void) { return "f32"; }
