#include "faults/kernels/operands.hpp"

#include <algorithm>
#include <cmath>

#include "faults/kernels/view.hpp"

namespace attest::faulty {
namespace {

std::int64_t stored_elements(const DLTensor& t) {
  std::int64_t last = 0;
  for (int axis = 0; axis < t.ndim; ++axis) last += (t.shape[axis] - 1) * t.strides[axis];
  return last + 1;
}

// A power of two that is at least every finite magnitude: scaling by it rounds nothing.
double scale_of(const std::vector<double>& values, std::int64_t count) {
  double largest = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const double x = std::fabs(values[static_cast<std::size_t>(i)]);
    if (std::isfinite(x)) largest = std::max(largest, x);
  }
  return largest == 0 ? 1 : std::exp2(std::ilogb(largest) + 1);
}

}  // namespace

std::int64_t Operands::keys(std::int64_t b) const {
  if (p_.kv_lens == nullptr) return kv_len();
  return static_cast<const std::int32_t*>(p_.kv_lens->data)[step(*p_.kv_lens, 0, b)];
}

std::int64_t Operands::position(std::int64_t b, std::int64_t i) const {
  const bool confused = fault_ == KernelFault::causal_top_left && p_.causal != ATTEST_CAUSAL_NONE;
  if (p_.causal == ATTEST_CAUSAL_TOP_LEFT || confused) return i;
  return i + keys(b) - q_len();
}

std::int64_t Operands::kv_head(std::int64_t h) const {
  const std::int64_t heads = p_.k->shape[1];
  if (fault_ == KernelFault::head_modulo) return h % heads;
  if (fault_ == KernelFault::head_by_kv_heads) return h / heads % heads;
  return h / (p_.q->shape[1] / heads);
}

bool Operands::causal_sees(std::int64_t n, std::int64_t i, std::int64_t j, std::int64_t pos) const {
  const bool ahead =
      fault_ == KernelFault::causal_key_ahead ||
      (fault_ == KernelFault::causal_key_ahead_tile_rows && i % kTileRows == kTileRows - 1) ||
      (fault_ == KernelFault::causal_key_ahead_last_tile && j / kTileKeys == (n - 1) / kTileKeys) ||
      (fault_ == KernelFault::causal_key_ahead_one_row && i == (q_len() - 1) / 2);
  return p_.causal == ATTEST_CAUSAL_NONE || j <= pos + (ahead ? 1 : 0);
}

// The batch whose mask or bias is read for batch b.
std::int64_t Operands::score_batch(const DLTensor& t, std::int64_t b, std::int64_t h) const {
  if (fault_ == KernelFault::mask_head_broadcast && t.shape[1] == 1)
    return (b * p_.q->shape[1] + h) % t.shape[0];
  return b;
}

bool Operands::mask_sees(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const {
  if (p_.mask == nullptr) return true;
  const DLTensor& mask = *p_.mask;
  if (fault_ == KernelFault::mask_last_tile_only && j / kTileKeys != (keys(b) - 1) / kTileKeys) return true;
  std::int64_t row = i;
  std::int64_t column = j;
  if (fault_ == KernelFault::mask_row_stride && mask.shape[2] != 1) {
    const std::int64_t at = (i * q_len() + j) % (q_len() * kv_len());
    row = at / kv_len();
    column = at % kv_len();
  }
  const std::int64_t at = offset(mask, score_batch(mask, b, h), h, row, column);
  return static_cast<const std::uint8_t*>(mask.data)[at] != 0;
}

double Operands::bias(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const {
  if (p_.bias == nullptr) return 0;
  return load(*p_.bias, offset(*p_.bias, score_batch(*p_.bias, b, h), h, i, j));
}

bool Operands::sees(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const {
  const std::int64_t pos = position(b, i);
  const bool window = p_.window_left != -1 || p_.window_right != -1;
  if (fault_ == KernelFault::window_own_token && window && j == pos) return false;
  if (fault_ == KernelFault::window_oldest_token && p_.window_left != -1 && pos - j == p_.window_left)
    return false;
  if (fault_ == KernelFault::key0_dropped && j == 0) return false;
  if (!causal_sees(keys(b), i, j, pos)) return false;
  if (p_.window_left != -1 && pos - j > p_.window_left) return false;
  if (p_.window_right != -1 && j - pos > p_.window_right) return false;
  return mask_sees(b, h, i, j) && !std::isinf(bias(b, h, i, j));
}

// Where element c of key j is read, counted from the first key in packed rows.
std::int64_t Operands::stored_key(std::int64_t j, std::int64_t c) const {
  const std::int64_t at = j * p_.k->shape[3] + c;
  return fault_ == KernelFault::key_offset_16_bits ? at & 0xffff : at;
}

void Operands::load_row(const DLTensor& t, std::int64_t b, std::int64_t g, std::int64_t j,
                        std::vector<double>& to) const {
  const std::int64_t row = fault_ == KernelFault::key_index_8_bits ? j & 0xff : j;
  for (std::int64_t c = 0; c < t.shape[3]; ++c) {
    if (&t != p_.k) {
      to.push_back(load(t, offset(t, b, g, row, c)));
    } else if (fault_ == KernelFault::key_strides_ignored) {
      const std::int64_t packed = ((b * t.shape[1] + g) * t.shape[2] + row) * t.shape[3] + c;
      to.push_back(load(t, packed % stored_elements(t)));
    } else {
      const std::int64_t at = stored_key(row, c);
      to.push_back(load(t, offset(t, b, g, at / t.shape[3], at % t.shape[3])));
    }
  }
}

// Faults of a kernel's own copies; n keys exist.
void Operands::spoil_copies(std::int64_t n) {
  const std::int64_t d = p_.k->shape[3];
  const std::int64_t d_v = p_.v->shape[3];
  if (fault_ == KernelFault::values_swapped && n >= 2) {
    std::swap_ranges(values_.begin(), values_.begin() + d_v, values_.begin() + d_v);
  }
  // The last page of a full cache was never written: it holds the zeros of a new pool.
  if (fault_ == KernelFault::stale_page && n > 0 && n % kTileKeys == 0) {
    std::fill(keys_.begin() + (n - kTileKeys) * d, keys_.begin() + n * d, 0.0);
    std::fill(values_.begin() + (n - kTileKeys) * d_v, values_.begin() + n * d_v, 0.0);
  }
  // Values are stored divided by their scale, and multiplied by that of the keys.
  if (fault_ == KernelFault::value_scale_of_key) {
    const double factor = scale_of(keys_, n * d) / scale_of(values_, n * d_v);
    for (double& x : values_) x *= factor;
  }
}

void Operands::stage(std::int64_t b, std::int64_t g) {
  if (b == staged_b_ && g == staged_g_) return;
  staged_b_ = b;
  staged_g_ = g;
  keys_.clear();
  values_.clear();
  const std::int64_t from = fault_ == KernelFault::batch_ignored ? 0 : b;
  for (std::int64_t j = 0; j < kv_len(); ++j) {
    load_row(*p_.k, from, g, j, keys_);
    load_row(*p_.v, from, g, j, values_);
  }
  spoil_copies(keys(b));
}

}  // namespace attest::faulty
