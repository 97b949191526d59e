// What tests/kernels/echo.c must report, derived from the Problem alone.
#pragma once

#include <vector>

#include "attest/kernel.h"
#include "problem/problem.hpp"

namespace attest::testing_kernels {

inline double digest(const std::vector<std::byte>& bytes) {
  std::uint32_t sum = bytes.empty() ? 0 : 1;
  for (const std::byte byte : bytes) sum = sum * 31 + std::to_integer<std::uint32_t>(byte);
  return sum;
}

inline void report(std::vector<double>& facts, const Tensor* tensor) {
  facts.push_back(tensor != nullptr ? 1 : 0);
  if (tensor == nullptr) return;
  const DLDataType dtype = to_dlpack(tensor->dtype());
  facts.push_back(dtype.code);
  facts.push_back(dtype.bits);
  facts.push_back(static_cast<double>(tensor->rank()));
  for (std::size_t axis = 0; axis < tensor->rank(); ++axis) {
    facts.push_back(static_cast<double>(tensor->shape()[axis]));
    facts.push_back(static_cast<double>(tensor->strides()[axis]));
  }
  facts.push_back(digest(tensor->bytes()));
}

/// `prefill` is every byte of out and lse before the call.
inline std::vector<double> expected_echo(const Problem& p, std::byte prefill) {
  Tensor out(p.q.dtype(), {p.batch(), p.q_heads(), p.q_len(), p.v_dim()});
  Tensor lse(p.lse_dtype(), {p.batch(), p.q_heads(), p.q_len()});
  out.bytes().assign(out.bytes().size(), prefill);
  lse.bytes().assign(lse.bytes().size(), prefill);
  std::vector<double> facts{sizeof(attest_forward),
                            1,
                            p.scale,
                            static_cast<double>(p.causal),
                            0,
                            static_cast<double>(p.window_left),
                            static_cast<double>(p.window_right),
                            p.softcap};
  for (const Tensor* tensor : {&p.q, &p.k, &p.v, static_cast<const Tensor*>(&out)}) report(facts, tensor);
  report(facts, p.want_lse ? &lse : nullptr);
  for (const auto* tensor : {&p.bias, &p.mask, &p.alibi_slopes, &p.sink, &p.kv_lens}) {
    report(facts, *tensor ? &**tensor : nullptr);
  }
  facts.resize(256, 0);
  return facts;
}

}  // namespace attest::testing_kernels
