// A problem as the ABI hands it to a kernel, with its outputs, for tests that call kernels themselves.
#pragma once

#include <cmath>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "attest/kernel.h"
#include "problem/problem.hpp"

namespace attest::test {

class ForwardProblem {
 public:
  explicit ForwardProblem(Problem problem) : p_(std::move(problem)) {
    const std::vector<std::int64_t> rows{p_.batch(), p_.q_heads(), p_.q_len()};
    out_ = Tensor(p_.q.dtype(), {rows[0], rows[1], rows[2], p_.v_dim()});
    lse_ = Tensor(p_.lse_dtype(), rows);
    f_.struct_size = sizeof f_;
    f_.abi = ATTEST_KERNEL_ABI;
    f_.q = view(p_.q);
    f_.k = view(p_.k);
    f_.v = view(p_.v);
    f_.out = view(out_);
    f_.lse = p_.want_lse ? view(lse_) : nullptr;
    f_.scale = p_.scale;
    f_.causal = static_cast<std::int32_t>(p_.causal);
    f_.window_left = p_.window_left;
    f_.window_right = p_.window_right;
    f_.softcap = p_.softcap;
    f_.bias = view(p_.bias);
    f_.mask = view(p_.mask);
    f_.alibi_slopes = view(p_.alibi_slopes);
    f_.sink = view(p_.sink);
    f_.kv_lens = view(p_.kv_lens);
  }
  ForwardProblem(const ForwardProblem&) = delete;
  ForwardProblem& operator=(const ForwardProblem&) = delete;

  attest_forward& forward() { return f_; }
  std::vector<double> out() const { return out_.values(); }
  const Problem& problem() const { return p_; }
  Result result() const { return {out_, p_.want_lse ? std::optional(lse_) : std::nullopt}; }

 private:
  DLTensor* view(Tensor& t) {
    shapes_.push_back(t.shape());
    strides_.push_back(t.strides());
    DLTensor d{};
    d.data = t.bytes().data();
    d.device = {kDLCPU, 0};
    d.ndim = static_cast<std::int32_t>(t.rank());
    d.dtype = to_dlpack(t.dtype());
    d.shape = shapes_.back().data();
    d.strides = strides_.back().data();
    views_.push_back(d);
    return &views_.back();
  }
  const DLTensor* view(std::optional<Tensor>& t) { return t ? view(*t) : nullptr; }

  Problem p_;
  Tensor out_, lse_;
  std::deque<std::vector<std::int64_t>> shapes_, strides_;
  std::deque<DLTensor> views_;
  attest_forward f_{};
};

}  // namespace attest::test
