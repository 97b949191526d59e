// Which keys a row sees.

#include <algorithm>
#include <cmath>

#include "faults/kernels/operands.hpp"
#include "faults/kernels/view.hpp"

namespace attest::faults::faulty {
namespace {

// Of the kernel whose key tiles are wider than its row tiles.
constexpr std::int64_t kShortRows = 4096, kWideTileRows = 512, kWideTileKeys = 768;

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

// Key tiles are taken in pairs. Where the second of the last pair lies past the last row of the row tile, the
// limit that its mask is written from is negative, and the rows lose the last key that they see.
bool Operands::loses_own_key(std::int64_t n, std::int64_t i, std::int64_t pos) const {
  if (q_len() <= kShortRows) return false;
  const std::int64_t last_row = std::min(i / kWideTileRows * kWideTileRows + kWideTileRows, q_len()) - 1;
  const std::int64_t end = pos + last_row - i + 1;
  if (end <= 0) return false;
  const std::int64_t tiles = (end + kWideTileKeys - 1) / kWideTileKeys;
  return tiles % 2 == 1 && tiles * kWideTileKeys < n;
}

bool Operands::causal_sees(std::int64_t n, std::int64_t i, std::int64_t j, std::int64_t pos) const {
  if (p_.causal == ATTEST_CAUSAL_NONE) return true;
  switch (fault_) {
    case KernelFault::causal_key_ahead:
      return j <= pos + 1;
    case KernelFault::causal_key_ahead_tile_rows:
      return j <= pos + (i % kTileRows == kTileRows - 1 ? 1 : 0);
    case KernelFault::causal_key_ahead_last_tile:
      return j <= pos + (j / kTileKeys == (n - 1) / kTileKeys ? 1 : 0);
    case KernelFault::causal_key_ahead_one_row:
      return j <= pos + (i == (q_len() - 1) / 2 ? 1 : 0);
    case KernelFault::causal_four_rows:
      return j <= pos + 3 - i % 4;
    case KernelFault::causal_dropped_one_row:
      return j <= pos || i == (q_len() - 1) / 2;
    case KernelFault::causal_offset_unsigned:
      return j <= pos || (p_.causal == ATTEST_CAUSAL_BOTTOM_RIGHT && pos < 0);
    case KernelFault::causal_wide_key_tile:
      return j <= pos && !(j == pos && loses_own_key(n, i, pos));
    default:
      return j <= pos;
  }
}

bool Operands::mask_sees(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const {
  if (p_.mask == nullptr) return true;
  if (fault_ == KernelFault::mask_last_tile_only && j / kTileKeys != (keys(b) - 1) / kTileKeys) return true;
  return static_cast<const std::uint8_t*>(p_.mask->data)[addresses_.of_score(*p_.mask, b, h, i, j)] != 0;
}

double Operands::bias(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const {
  if (p_.bias == nullptr) return 0;
  return load(*p_.bias, addresses_.of_score(*p_.bias, b, h, i, j));
}

bool Operands::left_of_window(std::int64_t b, std::int64_t i, std::int64_t j) const {
  return p_.window_left != -1 && position(b, i) - j > p_.window_left;
}

bool Operands::sees(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const {
  const std::int64_t pos = position(b, i);
  const bool window = p_.window_left != -1 || p_.window_right != -1;
  if (fault_ == KernelFault::window_own_token && window && j == pos) return false;
  if (fault_ == KernelFault::window_oldest_token && p_.window_left != -1 && pos - j == p_.window_left)
    return false;
  if (fault_ == KernelFault::key0_dropped && j == 0) return false;
  if (!causal_sees(keys(b), i, j, pos) || left_of_window(b, i, j)) return false;
  if (p_.window_right != -1 && j - pos > p_.window_right) return false;
  return mask_sees(b, h, i, j) && std::isfinite(bias(b, h, i, j));
}

}  // namespace attest::faults::faulty
