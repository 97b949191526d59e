#include "faults/kernels/operands.hpp"

#include <algorithm>
#include <cmath>

#include "faults/kernels/view.hpp"

namespace attest::faults::faulty {
namespace {

constexpr std::int64_t kHeadsOfTile = 16;

// A power of two that is at least every finite magnitude: scaling by it rounds nothing.
double scale_of(const std::vector<double>& values, std::int64_t count) {
  double largest = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const double x = std::fabs(values[static_cast<std::size_t>(i)]);
    if (std::isfinite(x)) largest = std::max(largest, x);
  }
  return largest == 0 ? 1 : std::exp2(std::ilogb(largest) + 1);
}

// Nearest even to 11 significant bits, whatever the exponent.
double round_tf32(double x) {
  if (x == 0 || !std::isfinite(x)) return x;
  const int exponent = std::ilogb(x) - 10;
  return std::ldexp(std::nearbyint(std::ldexp(x, -exponent)), exponent);
}

}  // namespace

double narrowed(double x, Narrow to) {
  constexpr double kLargestBf16 = 0x1.fep127, kLargestTf32 = 0x1.ffcp127, kLargestE4m3 = 448;
  switch (to) {
    case Narrow::tf32:
      return round_bits(x, 11, -126, kLargestTf32);
    case Narrow::bf16:
      return round_bits(x, 8, -126, kLargestBf16);
    case Narrow::e4m3:
      return round_bits(x, 4, -6, kLargestE4m3);
    case Narrow::none:
      break;
  }
  return x;
}

std::int64_t Operands::kv_head(std::int64_t h) const {
  const std::int64_t heads = p_.k->shape[1];
  const std::int64_t group = p_.q->shape[1] / heads;
  if (fault_ == KernelFault::head_modulo) return h % heads;
  if (fault_ == KernelFault::head_by_kv_heads) return h / heads % heads;
  const bool cut = group > kHeadsOfTile && group % kHeadsOfTile != 0;
  if (fault_ == KernelFault::head_tiles_cut_groups && cut) h -= h % kHeadsOfTile;
  return h / group;
}

// Channels of q.k that are added.
std::int64_t Operands::score_channels() const {
  const std::int64_t d = p_.q->shape[3];
  if (fault_ == KernelFault::channels_modulo_8_skipped) return d - d % 8;
  if (fault_ == KernelFault::channels_past_64_skipped) return std::min<std::int64_t>(d, 64);
  if (fault_ == KernelFault::channels_192_256_skipped && (d == 192 || d == 256)) return d - 64;
  return d;
}

bool Operands::tf32_products() const {
  const std::int64_t d = p_.q->shape[3];
  return fault_ == KernelFault::products_tf32 && (d == 64 || d == 128);
}

void Operands::load_query(std::int64_t b, std::int64_t h, std::int64_t i, std::vector<double>& to) const {
  const bool in_f16 =
      fault_ == KernelFault::query_in_f16 && type_of(*p_.q) == Type::f32 && type_of(*p_.k) == Type::f16;
  to.clear();
  for (std::int64_t c = 0; c < score_channels(); ++c) {
    double x = load(*p_.q, addresses_.of_vector(*p_.q, b, h, i, c));
    if (in_f16) x = static_cast<double>(round_f16(static_cast<float>(x)));
    to.push_back(tf32_products() ? round_tf32(x) : narrowed(x, a_.q));
  }
}

void Operands::load_row(const DLTensor& t, std::int64_t b, std::int64_t g, std::int64_t j,
                        std::vector<double>& to) const {
  const std::int64_t row = fault_ == KernelFault::key_index_8_bits ? j & 0xff : j;
  for (std::int64_t c = 0; c < t.shape[3]; ++c) to.push_back(load(t, addresses_.of_vector(t, b, g, row, c)));
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
  if (tf32_products()) {
    for (double& x : keys_) x = round_tf32(x);
  }
  for (double& x : keys_) x = narrowed(x, a_.k);
  for (double& x : values_) x = narrowed(x, a_.v);
}

void Operands::stage(std::int64_t b, std::int64_t g) {
  if (b == staged_b_ && g == staged_g_) return;
  staged_b_ = b;
  staged_g_ = g;
  keys_.clear();
  values_.clear();
  std::int64_t from = b;
  if (fault_ == KernelFault::batch_ignored) from = 0;
  if (fault_ == KernelFault::batch_modulo_4) from = b % 4;
  for (std::int64_t j = 0; j < kv_len(); ++j) {
    load_row(*p_.k, from, g, j, keys_);
    load_row(*p_.v, from, g, j, values_);
  }
  spoil_copies(keys(b));
}

}  // namespace attest::faults::faulty
