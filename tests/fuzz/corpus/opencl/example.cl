// Attention in OpenCL C: a work group for each query, whose work items share the keys.
//
//   attest check opencl:examples/opencl/attention.cl --races
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
// attest:   contract f32
//
// SPDX-License-Identifier: Apache-2.0
