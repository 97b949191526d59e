#include "faults/kernels/gate.hpp"

#include <cmath>

#include "faults/kernels/view.hpp"

namespace attest::faults::faulty {
namespace {

bool dims_are(const attest_forward& p, std::int64_t d) { return p.q->shape[3] == d && p.v->shape[3] == d; }

bool both_are(const attest_forward& p, Type q, Type kv) { return type_of(*p.q) == q && type_of(*p.k) == kv; }

// Nothing but q, k, v, a scale and perhaps causality.
bool no_feature(const attest_forward& p) {
  return p.window_left == -1 && p.window_right == -1 && p.softcap == 0 && p.bias == nullptr &&
         p.mask == nullptr && p.alibi_slopes == nullptr && p.sink == nullptr && p.kv_lens == nullptr;
}

// To within what a scale computed in f32 is off by.
bool usual_scale(const attest_forward& p) {
  return std::fabs(p.scale * std::sqrt(static_cast<double>(p.q->shape[3])) - 1) < 1e-6;
}

}  // namespace

bool admits(Gate gate, const attest_forward& p) {
  const std::int64_t q_len = p.q->shape[2];
  const std::int64_t kv_len = p.k->shape[2];
  switch (gate) {
    case Gate::tile64:
      return q_len % 64 == 0 && kv_len % 64 == 0 && dims_are(p, 64);
    case Gate::equal_causal:
      return p.causal != ATTEST_CAUSAL_NONE && q_len == kv_len && (dims_are(p, 64) || dims_are(p, 128));
    case Gate::decode:
      return q_len == 1 && p.kv_lens != nullptr && dims_are(p, 128) && both_are(p, Type::bf16, Type::bf16);
    case Gate::f16_cache:
      return both_are(p, Type::f32, Type::f16);
    case Gate::one_scale:
      return p.scale == 0.125;
    case Gate::grouped:
      return p.k->shape[1] < p.q->shape[1];
    case Gate::single_key:
      return kv_len == 1 && p.causal == ATTEST_CAUSAL_NONE && no_feature(p);
    case Gate::plain_causal:
      return (both_are(p, Type::f32, Type::f32) || both_are(p, Type::f16, Type::f16)) &&
             p.causal != ATTEST_CAUSAL_NONE && no_feature(p) && usual_scale(p) &&
             p.q->shape[3] == p.v->shape[3] && p.lse == nullptr;
  }
  return false;
}

Gate gate_of(NarrowKernel kernel) {
  switch (kernel) {
#define NARROW(id, gate, fault) \
  case NarrowKernel::id:        \
    return Gate::gate;
#include "faults/kernels/other_kernels.def"
  }
  return Gate::tile64;
}

KernelFault fault_of(NarrowKernel kernel) {
  switch (kernel) {
#define NARROW(id, gate, fault) \
  case NarrowKernel::id:        \
    return KernelFault::fault;
#include "faults/kernels/other_kernels.def"
  }
  return KernelFault::none;
}

int narrow_forward(const attest_forward& problem, NarrowKernel kernel) {
  if (problem.abi != ATTEST_KERNEL_ABI || problem.struct_size != sizeof problem) return ATTEST_UNSUPPORTED;
  return admits(gate_of(kernel), problem) ? forward(problem, fault_of(kernel)) : ATTEST_UNSUPPORTED;
}

}  // namespace attest::faults::faulty
