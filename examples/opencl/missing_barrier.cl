// attention.cl without a barrier: a work item may read the maximum after another has begun to write its sum there.
//
//   attest check opencl:examples/opencl/missing_barrier.cl --races
//
// How the kernel is called (docs/gpu.md):
// attest: kernel attention
// attest:   types f32
// attest:   args q, k, v, out, lse, mask, kv_lens
// attest:   args int q_heads, int kv_heads, int q_len, int kv_len, int qk_dim, int v_dim
// attest:   args float scale, int causal, local 4 * kv_len, local 4 * 32
// attest:   global 32 * q_len, q_heads, batch
// attest:   local 32, 1, 1
// attest:   requires kv_len >= 1, kv_len <= 4096
// attest:   contract f32;division=reciprocal;reciprocal_rel=2.4e-7
//
// OpenCL C promises exp and log within 3 ulp, which f32 covers, and a quotient within 2.5 ulp: 1 / l within 2, and a product.
//
// SPDX-License-Identifier: Apache-2.0

// The largest of the group's numbers, or their sum; `shared` holds one for each work item.
float reduce(float mine, bool largest, __local float* shared) {
  const int item = get_local_id(0);
  shared[item] = mine;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int width = get_local_size(0) / 2; width > 0; width /= 2) {
    if (item < width) {
      const float other = shared[item + width];
      shared[item] = largest ? fmax(shared[item], other) : shared[item] + other;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  return shared[0];  // no barrier before the next call writes it
}

__kernel void attention(__global const float* q, __global const float* k, __global const float* v,
                        __global float* out, __global float* lse, __global const uchar* mask,
                        __global const int* kv_lens, int q_heads, int kv_heads, int q_len, int kv_len,
                        int qk_dim, int v_dim, float scale, int causal, __local float* weights,
                        __local float* shared) {
  const int item = get_local_id(0), items = get_local_size(0);
  const int i = get_group_id(0), h = get_group_id(1), b = get_group_id(2);
  const long row = ((long)b * q_heads + h) * q_len + i;
  const long head = (long)b * kv_heads + h / (q_heads / kv_heads);
  const int n = kv_lens ? kv_lens[b] : kv_len;
  const int position = causal == 1 ? i : i + n - q_len;

  float largest = -INFINITY;
  for (int j = item; j < kv_len; j += items) {
    const bool visible =
        j < n && (causal == 0 || j <= position) && (!mask || mask[row * kv_len + j] != 0);
    float score = -INFINITY;
    if (visible) {
      score = 0;
      for (int c = 0; c < qk_dim; ++c) score += q[row * qk_dim + c] * k[(head * kv_len + j) * qk_dim + c];
      score *= scale;
    }
    weights[j] = score;
    largest = fmax(largest, score);
  }
  largest = reduce(largest, true, shared);

  float sum = 0;
  for (int j = item; j < kv_len; j += items) {
    weights[j] = weights[j] == -INFINITY ? 0 : exp(weights[j] - largest);
    sum += weights[j];
  }
  sum = reduce(sum, false, shared);

  // Every work item reads the weights of all: the barriers of the sum stand between.
  for (int c = item; c < v_dim; c += items) {
    float value = 0;
    for (int j = 0; j < n; ++j) {
      if (weights[j] != 0) value += weights[j] * v[(head * kv_len + j) * v_dim + c];
    }
    out[row * v_dim + c] = sum == 0 ? 0 : value / sum;
  }
  if (lse && item == 0) lse[row] = sum == 0 ? -INFINITY : largest + log(sum);
}
