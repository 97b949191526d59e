/* Right in every row, within the bound of its contract, and yet not as declared: P * V is added up toward
 * zero. */
#include <fenv.h>
#include <math.h>
#include <stdlib.h>

#include <attest/kernel.h>

static int plain(const attest_forward* p) {
  return p->abi == ATTEST_KERNEL_ABI && p->q->dtype.bits == 32 && p->k->dtype.bits == 32 && p->softcap == 0 &&
         p->bias == NULL && p->mask == NULL && p->alibi_slopes == NULL && p->sink == NULL &&
         p->kv_lens == NULL && p->window_left == -1 && p->window_right == -1 && p->lse == NULL;
}

static float* at(const DLTensor* t, int64_t b, int64_t h, int64_t i) {
  const int64_t index[3] = {b, h, i};
  int64_t offset = 0;
  for (int axis = 0; axis < 3; ++axis) {
    if (t->shape[axis] != 1) offset += index[axis] * t->strides[axis];
  }
  return (float*)t->data + offset;
}

static int64_t step(const DLTensor* t) { return t->shape[3] == 1 ? 0 : t->strides[3]; }

static int64_t visible_keys(const attest_forward* p, int64_t i) {
  const int64_t keys = p->k->shape[2];
  if (p->causal == ATTEST_CAUSAL_NONE) return keys;
  const int64_t last = p->causal == ATTEST_CAUSAL_TOP_LEFT ? i : i + keys - p->q->shape[2];
  return last + 1 < 0 ? 0 : (last + 1 < keys ? last + 1 : keys);
}

/* volatile: no rounding is done at compile time, none moves across a change of the mode. */
static float weighted_sum(const attest_forward* p, int64_t b, int64_t g, const float* weights, int64_t n,
                          int64_t c) {
  volatile float sum = 0;
  fesetround(FE_TOWARDZERO);
  for (int64_t j = 0; j < n; ++j) {
    volatile float product = weights[j] * at(p->v, b, g, j)[c * step(p->v)];
    sum = sum + product;
  }
  fesetround(FE_TONEAREST);
  return sum;
}

static void row(const attest_forward* p, int64_t b, int64_t h, int64_t i, float* weights) {
  const int64_t g = h / (p->q->shape[1] / p->k->shape[1]);
  const int64_t n = visible_keys(p, i);
  float largest = -INFINITY;
  for (int64_t j = 0; j < n; ++j) {
    float dot = 0;
    for (int64_t c = 0; c < p->q->shape[3]; ++c)
      dot += at(p->q, b, h, i)[c * step(p->q)] * at(p->k, b, g, j)[c * step(p->k)];
    weights[j] = dot * (float)p->scale;
    if (weights[j] > largest) largest = weights[j];
  }
  float denominator = 0;
  for (int64_t j = 0; j < n; ++j) {
    weights[j] = expf(weights[j] - largest);
    denominator += weights[j];
  }
  for (int64_t c = 0; c < p->v->shape[3]; ++c)
    at(p->out, b, h, i)[c * step(p->out)] = n == 0 ? 0 : weighted_sum(p, b, g, weights, n, c) / denominator;
}

int attest_kernel_forward(const attest_forward* p) {
  if (!plain(p)) return ATTEST_UNSUPPORTED;
  float* weights = malloc(sizeof(float) * (size_t)(p->k->shape[2] + 1));
  if (weights == NULL) return 2;
  for (int64_t b = 0; b < p->q->shape[0]; ++b) {
    for (int64_t h = 0; h < p->q->shape[1]; ++h) {
      for (int64_t i = 0; i < p->q->shape[2]; ++i) row(p, b, h, i, weights);
    }
  }
  free(weights);
  return ATTEST_OK;
}

const char* attest_kernel_contract(void) { return "f32"; }
