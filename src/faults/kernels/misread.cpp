#include "faults/kernels/misread.hpp"

#include <algorithm>

namespace attest::faults::faulty {

Misread::Misread(const attest_forward& problem, KernelFault fault, Memory* memory) : p_(problem) {
  switch (fault) {
    case KernelFault::causal_unasked:
      if (p_.causal == ATTEST_CAUSAL_NONE) p_.causal = ATTEST_CAUSAL_BOTTOM_RIGHT;
      break;
    case KernelFault::window_32_bits:
      p_.window_left = static_cast<std::int32_t>(p_.window_left);
      p_.window_right = static_cast<std::int32_t>(p_.window_right);
      break;
    case KernelFault::window_right_ignored:
      if (p_.window_left == 0) p_.window_right = -1;
      break;
    case KernelFault::sink_ignored:
      p_.sink = nullptr;
      break;
    case KernelFault::kv_lens_ignored:
      p_.kv_lens = nullptr;
      break;
    case KernelFault::kv_lens_one_short: {
      std::vector<std::int32_t> lengths = scalars_of(p_).kv_lens;
      for (std::int32_t& length : lengths) length = std::max(length - 1, 0);
      set_kv_lens(std::move(lengths));
      break;
    }
    case KernelFault::scalars_of_first_call: {
      if (memory == nullptr) break;
      Scalars first = memory->first_like(p_);
      p_.scale = first.scale;
      p_.window_left = first.window_left;
      p_.window_right = first.window_right;
      set_kv_lens(std::move(first.kv_lens));
      break;
    }
    default:
      break;
  }
}

void Misread::set_kv_lens(std::vector<std::int32_t> lengths) {
  if (p_.kv_lens == nullptr) return;
  lengths_ = std::move(lengths);
  kv_lens_ = *p_.kv_lens;
  kv_lens_.data = lengths_.data();
  kv_lens_.strides = &stride_;
  p_.kv_lens = &kv_lens_;
}

}  // namespace attest::faults::faulty
