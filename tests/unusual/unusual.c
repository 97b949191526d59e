/* Correct kernels that compute in unusual ways: variants of examples/naive.c, and controls of the fault
 * library that declare no contract. A name with _contract is what the kernel declares. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Off to one side by as much as an f32 exponential may be, but for exp(0) = 1. */
static float one_sided_expf(float x) { return x == 0 ? 1.0F : (float)(exp((double)x) * (1 + 6.5 * 0x1p-24)); }
static float (*chosen_expf)(float) = expf;

#define expf chosen_expf
#define attest_kernel_forward naive_forward
#define attest_kernel_name naive_name
#define attest_kernel_contract naive_contract
#include "../../examples/naive.c"  // NOLINT(bugprone-suspicious-include)
#undef expf

int one_sided_exp(const attest_forward* p) {
  chosen_expf = one_sided_expf;
  const int status = naive_forward(p);
  chosen_expf = expf;
  return status;
}
const char* one_sided_exp_contract(void) { return "f32"; }

typedef float (*Conversion)(float);

static float in_f16(float x) { return (float)(__extension__(_Float16) x); }

/* To nearest, ties to even; what is beyond bf16 becomes infinite by the carry. */
static float in_bf16(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  if (x == x) bits += 0x7FFF + (bits >> 16 & 1);
  bits &= 0xFFFF0000;
  memcpy(&x, &bits, sizeof x);
  return x;
}

typedef struct Copy {
  DLTensor tensor;
  int64_t strides[4];
} Copy;

/* A row-major copy with each element times the factor, converted. Returns 0 where there is no memory. */
static int copy_converted(const DLTensor* t, float factor, Conversion convert, Copy* copy) {
  const int64_t* n = t->shape;
  const int64_t count = n[0] * n[1] * n[2] * n[3];
  float* data = malloc(sizeof(float) * (size_t)(count + 1));
  if (data == NULL) return 0;
  const int64_t strides[4] = {n[1] * n[2] * n[3], n[2] * n[3], n[3], 1};
  memcpy(copy->strides, strides, sizeof strides);
  copy->tensor = *t;
  copy->tensor.data = data;
  for (int64_t at = 0; at < count; ++at) {
    const int64_t b = at / strides[0];
    const int64_t h = at / strides[1] % n[1];
    const int64_t i = at / strides[2] % n[2];
    data[at] = convert(factor * load4(t, b, h, i, at % n[3]));
  }
  copy->tensor.strides = copy->strides;
  return 1;
}

static int with_query(const attest_forward* p, int scaled, Conversion convert) {
  if (!is_f32(p->q) || !is_f32(p->k)) return ATTEST_UNSUPPORTED;
  Copy q;
  if (!copy_converted(p->q, scaled ? (float)p->scale : 1.0F, convert, &q)) return OUT_OF_MEMORY;
  attest_forward changed = *p;
  changed.q = &q.tensor;
  if (scaled) changed.scale = 1;
  const int status = naive_forward(&changed);
  free(q.tensor.data);
  return status;
}

int scaled_query_in_bf16(const attest_forward* p) { return with_query(p, 1, in_bf16); }
const char* scaled_query_in_bf16_contract(void) { return "f32;q_conversion=bf16"; }

int converted_query_in_f16(const attest_forward* p) { return with_query(p, 0, in_f16); }
const char* converted_query_in_f16_contract(void) { return "f32;q_conversion=f16"; }

int cache_in_f16(const attest_forward* p) {
  if (!is_f32(p->q) || !is_f32(p->k)) return ATTEST_UNSUPPORTED;
  Copy k;
  Copy v;
  if (!copy_converted(p->k, 1, in_f16, &k)) return OUT_OF_MEMORY;
  int status = OUT_OF_MEMORY;
  if (copy_converted(p->v, 1, in_f16, &v)) {
    attest_forward changed = *p;
    changed.k = &k.tensor;
    changed.v = &v.tensor;
    status = naive_forward(&changed);
    free(v.tensor.data);
  }
  free(k.tensor.data);
  return status;
}
const char* cache_in_f16_contract(void) { return "f32;kv_storage=f16"; }

/* No maximum and no division: each value moves the output by a sigmoid, its weight among the keys so far
 * (FLASH-D, arXiv 2505.14201, algorithm 3). The sink is a first key whose value is 0. */
static void sigmoid_row(const attest_forward* p, int64_t b, int64_t h, int64_t i, float* scores, float* o) {
  const int64_t kv_head = h / (p->q->shape[1] / p->k->shape[1]);
  const int64_t width = p->v->shape[3];
  int begun = p->sink != NULL;
  float last = begun ? load1(p->sink, h) : 0;
  float log_weight = 0;
  score_row(p, b, h, i, scores);
  for (int64_t c = 0; c < width; ++c) o[c] = 0;
  for (int64_t j = 0; j < p->k->shape[2]; ++j) {
    if (scores[j] == -INFINITY) continue;
    const float x = begun ? scores[j] - last + log_weight : INFINITY;
    const float weight = 1 / (1 + expf(-x));
    log_weight = x >= 0 ? -log1pf(expf(-x)) : x - log1pf(expf(x));
    for (int64_t c = 0; c < width; ++c) {
      const float v = load4(p->v, b, kv_head, j, c);
      o[c] = begun ? o[c] * (1 - weight) + v * weight : v;
    }
    last = scores[j];
    begun = 1;
  }
  for (int64_t c = 0; c < width; ++c) ((float*)p->out->data)[offset4(p->out, b, h, i, c)] = o[c];
  if (p->lse != NULL) write_lse(p, b, h, i, begun ? last - log_weight : -INFINITY);
}

int sigmoid_weights(const attest_forward* p) {
  if (!is_f32(p->q) || !is_f32(p->k)) return ATTEST_UNSUPPORTED;
  float* scores = malloc(sizeof(float) * (size_t)(p->k->shape[2] + p->v->shape[3] + 1));
  if (scores == NULL) return OUT_OF_MEMORY;
  for (int64_t b = 0; b < p->q->shape[0]; ++b) {
    for (int64_t h = 0; h < p->q->shape[1]; ++h) {
      for (int64_t i = 0; i < p->q->shape[2]; ++i) sigmoid_row(p, b, h, i, scores, scores + p->k->shape[2]);
    }
  }
  free(scores);
  return ATTEST_OK;
}

/* A chain of merges of one key each, in which 1 - weight takes the place of an exponential and is off by
 * 2^-24 absolutely. Rows of more than 64 keys have more merges than this says. */
const char* sigmoid_weights_contract(void) { return "f32;splits=64;merge=chain;exp_abs=1.2e-7"; }

/* A control that does not declare what it does. */
#define UNDECLARED(control)             \
  int control(const attest_forward* p); \
  int undeclared_##control(const attest_forward* p) { return control(p); }
UNDECLARED(split_5_by_lse)
UNDECLARED(split_6_chained)
UNDECLARED(shift_by_lse)
UNDECLARED(flush_to_zero)
UNDECLARED(values_centred)
