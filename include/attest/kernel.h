/* The attest kernel ABI, version 1.
 *
 * A kernel author includes this header, exports attest_kernel_forward from a shared library, and runs
 * `attest check ./libmine.so`. C99; DLPack (Debian: libdlpack-dev) is the only dependency.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ATTEST_KERNEL_H
#define ATTEST_KERNEL_H

#include <dlpack/dlpack.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ATTEST_KERNEL_ABI = 1 };
enum { ATTEST_CAUSAL_NONE = 0, ATTEST_CAUSAL_TOP_LEFT = 1, ATTEST_CAUSAL_BOTTOM_RIGHT = 2 };
enum { ATTEST_OK = 0, ATTEST_UNSUPPORTED = 1 }; /* any other status: the kernel failed */

/* One forward problem. The fields keep this order; a change of layout is a new ABI version.
 *
 * With n = kv_lens[b] where given, else kv_len, and pos(i) = i under TOP_LEFT, otherwise i + n - q_len,
 * key j is visible to row i when all of these hold:
 *   j < n;  causal (either kind): j <= pos(i);
 *   pos(i) - window_left <= j <= pos(i) + window_right, each limit that is not -1;
 *   mask is 1 there;  bias is not -inf there.
 * Query head h reads key/value head h / (q_heads / kv_heads); kv_heads divides q_heads.
 * A score is softcap(scale * q.k) + bias - slope * |pos(i) - j|. The output is the softmax-weighted mean of
 * the visible values; a sink's weight counts in the denominator only. lse includes the sink.
 * A row with no visible key gives output 0 and lse = -inf, or the sink where there is one.
 * NaN in a visible value that has more than half of a row's weight gives NaN in that channel of the row; NaN in
 * such a key of a row with two scores or more gives NaN in all its channels. No row of another batch or key/value
 * head is affected, nor, by NaN in a query, any other row.
 *
 * Data types f64, f32, f16 and bf16 (kDLBfloat) on kDLCPU; q and out share one, k and v share one. Strides are
 * never NULL, count elements, and may be anything for inputs (0 included); out and lse may have any strides that
 * do not overlap. byte_offset is 0. Only element alignment is promised. batch, q_len and kv_len may be 0 (data
 * may then be NULL). The kernel must not write to its inputs, nor outside out and lse, nor rely on what they
 * held before the call.
 */
typedef struct attest_forward {
  uint32_t struct_size;    /* sizeof(attest_forward) of the caller */
  uint32_t abi;            /* ATTEST_KERNEL_ABI */
  const DLTensor *q;       /* [batch, q_heads,  q_len,  qk_dim] */
  const DLTensor *k;       /* [batch, kv_heads, kv_len, qk_dim] */
  const DLTensor *v;       /* [batch, kv_heads, kv_len, v_dim]  */
  DLTensor *out;           /* [batch, q_heads,  q_len,  v_dim]  */
  DLTensor *lse;           /* [batch, q_heads,  q_len] f32 (f64 when q is f64), natural log; NULL: not wanted */
  double scale;            /* multiplies q.k, before softcap */
  int32_t causal;          /* one of ATTEST_CAUSAL_* */
  int32_t reserved;        /* 0 */
  int64_t window_left;     /* keys further than this to the left are masked; -1: no limit */
  int64_t window_right;    /* likewise to the right */
  double softcap;          /* s <- softcap * tanh(s / softcap) before bias and mask; 0: none */
  const DLTensor *bias;    /* f32, added to the score, [batch|1, q_heads|1, q_len|1, kv_len]; finite or -inf
                              (masks); NULL: none */
  const DLTensor *mask;    /* u8, same shape rule, values 0 and 1 only, 1 = visible; NULL: all visible */
  const DLTensor *alibi_slopes; /* f32 [q_heads]: adds -slope * |pos(i) - j|; NULL: none */
  const DLTensor *sink;    /* f32 [q_heads]: one more score in the denominator, with no value; finite or -inf
                              (none); NULL: none */
  const DLTensor *kv_lens; /* i32 [batch]: keys at and past kv_lens[b] are padding; NULL: none */
} attest_forward;

/* Required. Returns ATTEST_OK, ATTEST_UNSUPPORTED (never a defect, but counted), or any other value: failure. */
int attest_kernel_forward(const attest_forward *problem);

/* Optional exports. */
const char *attest_kernel_name(void);
const char *attest_kernel_contract(void); /* "preset;field=value;...", see `attest list contracts` */
size_t attest_kernel_alignment(void);     /* bytes that tensor data must be aligned to */
void attest_kernel_set_threads(int threads);

#ifdef __cplusplus
}
#endif

#endif /* ATTEST_KERNEL_H */
