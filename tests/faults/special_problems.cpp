#include "special_problems.hpp"

#include <cmath>

#include "numerics/random_value.hpp"

namespace attest::test {
namespace {

// 18 bits: more than 16-bit formats and TF32 hold.
void fill(Tensor& t, std::uint64_t& seed) {
  std::vector<double> values;
  for (std::int64_t n = 0; n < t.count(); ++n) {
    double unit = 0;
    for (int digit = 0; digit < 3; ++digit) unit = (unit + random_unit(seed++)) / 64;
    values.push_back(128 * unit - 1);
  }
  t.assign(values);
}

void fill_with(Tensor& t, double value) {
  t.assign(std::vector<double>(static_cast<std::size_t>(t.count()), value));
}

// One row and channel; scores are the keys.
Problem with_scores(DType dtype, const std::vector<double>& scores) {
  Problem p = plain_problem({.kv_len = static_cast<std::int64_t>(scores.size())}, dtype);
  p.q.assign({1});
  p.k.assign(scores);
  return p;
}

Problem offsets_beyond_16_bits(DType dtype) { return plain_problem({.kv_len = 1100, .qk_dim = 64}, dtype); }

Problem poison(DType dtype, bool window) {
  Problem p = plain_problem({.q_len = 2, .kv_len = 6, .v_dim = 2}, dtype);
  p.kv_lens = Tensor(DType::i32, {1});
  p.kv_lens->set({0}, 4);
  if (window) p.window_left = 1;
  for (std::int64_t c = 0; c < 2; ++c) {
    for (const std::int64_t j : {4, 5}) p.v.set({0, 0, j, c}, NAN);
    if (window) p.v.set({0, 0, 0, c}, -HUGE_VAL);
  }
  return p;
}

// A mask that the heads share, another one for each batch.
Problem masks_of_batches(DType dtype) {
  Problem p = plain_problem({.batch = 2, .q_heads = 2, .kv_heads = 2, .kv_len = 2}, dtype);
  p.mask = Tensor(DType::u8, {2, 1, 1, 2});
  p.mask->assign({1, 0, 0, 1});
  return p;
}

using Strides = std::vector<std::int64_t>;

// Bits that differ along the rows; `strides` of the mask or bias [1, 2, rows, keys].
Problem with_strides(DType dtype, bool mask, Strides strides) {
  Problem p = plain_problem({.q_heads = 2, .kv_heads = 1, .q_len = 5, .kv_len = 7, .qk_dim = 3}, dtype);
  Tensor t(mask ? DType::u8 : DType::f32, {1, 2, 5, 7}, std::move(strides));
  for (std::int64_t h = 0; h < 2; ++h) {
    for (std::int64_t i = 0; i < 5; ++i) {
      for (std::int64_t j = 0; j < 7; ++j) {
        const double bit = (3 * h + 2 * i + j * (t.strides()[3] == 0 ? 0 : 1)) % 3 == 0 ? 0 : 1;
        t.set({0, h, i, j}, mask ? bit : 2 * bit);
      }
    }
  }
  (mask ? p.mask : p.bias) = t;
  return p;
}

// The same, its rows over pages that nobody writes; keys likewise.
Problem with_far_rows(DType dtype, bool mask, bool repeated_keys) {
  Problem p = with_strides(dtype, mask, repeated_keys ? Strides{0, 5, 1, 0} : Strides{70, 35, 7, 1});
  Tensor& t = mask ? *p.mask : *p.bias;
  constexpr std::int64_t kRow = std::int64_t{1} << 21;
  t = t.spread_to({10 * kRow, 5 * kRow, kRow, repeated_keys ? 0 : 1});
  return p;
}

Problem with_far_keys(DType dtype) {
  Problem p = plain_problem({.q_len = 2, .kv_len = 90, .qk_dim = 3}, dtype);
  constexpr std::int64_t kRow = std::int64_t{1} << 21;
  p.k = p.k.spread_to({90 * kRow, 90 * kRow, kRow, 1});
  return p;
}

Problem rows_before_heads(DType dtype) {
  Problem p =
      plain_problem({.batch = 2, .q_heads = 4, .kv_heads = 2, .q_len = 3, .kv_len = 5, .qk_dim = 3}, dtype);
  for (Tensor* t : {&p.q, &p.k, &p.v}) {
    const std::int64_t heads = t->dim(1);
    const std::int64_t d = t->dim(3);
    *t = t->with_strides({t->dim(2) * heads * d, d, heads * d, 1});
  }
  return p;
}

Problem causal(const Extents& extents, DType dtype) {
  Problem p = plain_problem(extents, dtype);
  p.causal = Causal::bottom_right;
  return p;
}

Problem with_window(DType dtype, std::int64_t left, std::int64_t right) {
  Problem p = plain_problem({.q_len = 6, .kv_len = 6}, dtype);
  p.window_left = left;
  p.window_right = right;
  return p;
}

// The first of four splits sees nothing, or no split does; the sink counts.
Problem with_empty_splits(DType dtype, std::int64_t first_key) {
  Problem p = plain_problem({.kv_len = 70, .qk_dim = 2}, dtype);
  p.sink = Tensor(DType::f32, {1});
  p.sink->set({0}, 0.5);
  p.mask = Tensor(DType::u8, {1, 1, 1, 70});
  for (std::int64_t j = first_key; j < 70; ++j) p.mask->set({0, 0, 0, j}, 1);
  return p;
}

// Row 0 of the tile rises from the first key tile to the second, the other row falls as far.
Problem rising_and_falling(DType dtype) {
  const double reach = dtype == DType::f64 ? 500 : 60;
  Problem p = plain_problem({.q_len = 2, .kv_len = 32, .v_dim = 2}, dtype);
  p.q.assign({1, -1});
  for (std::int64_t j = 0; j < 32; ++j) p.k.set({0, 0, j, 0}, j < 16 ? -reach : reach);
  return p;
}

// One product of 3 bits in each channel, far beyond the last bit of the dtype; the result is the only value.
std::vector<Problem> huge_scores(DType dtype) {
  std::vector<Problem> problems;
  for (const double factor : {1.25, 1.5, 1.75}) {
    Problem p = plain_problem({.qk_dim = 64, .v_dim = 2}, dtype);
    p.scale = 0.125;
    fill_with(p.q, factor * (dtype == DType::f64 ? 0x1p40 : 0x1p18));
    fill_with(p.k, dtype == DType::f64 ? 0x1p40 : 0x1p18);
    problems.push_back(p);
  }
  return problems;
}

// Several keys with the same huge score, where a rescale loses so much that it overflows or leaves 0; and
// another problem.
std::vector<Problem> with_equal_keys(std::vector<Problem> problems, Problem other) {
  constexpr std::int64_t kKeys = 5;
  for (Problem& p : problems) {
    const double key = p.k.at({0, 0, 0, 0});
    p.k = Tensor(p.k.dtype(), {1, 1, kKeys, p.qk_dim()});
    p.v = Tensor(p.v.dtype(), {1, 1, kKeys, p.v_dim()});
    fill_with(p.k, key);
    for (std::int64_t j = 0; j < kKeys; ++j) p.v.set({0, 0, j, 0}, static_cast<double>(j + 1));
    p.scale = 0.1;
  }
  problems.push_back(std::move(other));
  return problems;
}

// Scores of 3 bits whose product with the scale is rounded.
Problem equal_large_scores(DType dtype) {
  Problem p = plain_problem({.q_len = 1, .kv_len = 300, .v_dim = 2}, dtype);
  fill_with(p.q, dtype == DType::f64 ? 0x1p33 : 0x1p10);
  fill_with(p.k, 1.25);
  p.scale = 0.1;
  return p;
}

// Scores that the cap bends, and a bias that it must not.
Problem capped_with_bias(DType dtype) {
  Problem p = plain_problem({.q_len = 2, .kv_len = 3, .qk_dim = 2, .v_dim = 2}, dtype);
  p.softcap = 1.5;
  p.bias = Tensor(DType::f32, {1, 1, 1, 3});
  p.bias->assign({2, -1, 0.5});
  return p;
}

Problem with_bias_of(DType dtype, double bias) {
  Problem p = plain_problem({}, dtype);
  p.bias = Tensor(DType::f32, {1, 1, 1, 1});
  fill_with(*p.bias, bias);
  return p;
}

// Of faults in numbers.
std::vector<Problem> for_numbers(faults::KernelFault fault, DType dtype) {
  const double lost = dtype == DType::f64 ? 760 : 110;  // below the maximum, an exponential is 0
  switch (fault) {
    case faults::KernelFault::softcap_after_bias:
      return {capped_with_bias(dtype)};
    case faults::KernelFault::tail_scores_zero_d128:
      return {plain_problem({.q_len = 2, .kv_len = 20, .qk_dim = 128}, dtype)};
    case faults::KernelFault::sink_of_empty_split:
      return {with_empty_splits(dtype, 20), with_empty_splits(dtype, 70), with_empty_splits(dtype, 3)};
    case faults::KernelFault::lazy_rescale_of_group:
      return {rising_and_falling(dtype)};
    case faults::KernelFault::exp2_rounded_maximum:
      return huge_scores(dtype);
    case faults::KernelFault::rescale_contracted:
      return with_equal_keys(huge_scores(dtype), equal_large_scores(dtype));
    case faults::KernelFault::products_tf32:
      return {plain_problem({.q_len = 2, .kv_len = 9, .qk_dim = 64}, dtype)};
    case faults::KernelFault::query_in_f16:
      return {plain_problem({.q_len = 2, .kv_len = 9, .qk_dim = 8}, DType::f32, DType::f16)};
    case faults::KernelFault::outputs_1_percent_f32:
      return {plain_problem({.q_len = 2, .kv_len = 9, .qk_dim = 8}, DType::f32)};
    case faults::KernelFault::channels_modulo_8_skipped:
      return {plain_problem({.q_len = 2, .kv_len = 9, .qk_dim = 13}, dtype)};
    case faults::KernelFault::channels_past_64_skipped:
      return {plain_problem({.q_len = 2, .kv_len = 9, .qk_dim = 80}, dtype)};
    case faults::KernelFault::channels_192_256_skipped:
      return {plain_problem({.q_len = 2, .kv_len = 9, .qk_dim = 192}, dtype),
              plain_problem({.q_len = 2, .kv_len = 9, .qk_dim = 256}, dtype)};
    case faults::KernelFault::initial_max_zero:
    case faults::KernelFault::initial_max_flt_min:
      return {with_scores(dtype, {-lost, -lost, -lost - 5})};
    case faults::KernelFault::initial_max_minus_1e4:
      return {with_scores(dtype, {-1e4 - lost, -1.1e4})};
    case faults::KernelFault::initial_max_finite:
      return {with_scores(dtype, {-6e4, -6e4, -7e4})};
    case faults::KernelFault::initial_max_minus_1e30:
      return {with_bias_of(dtype, -3e38)};
    default:
      return {};
  }
}

// Of faults in which keys are seen.
std::vector<Problem> for_visibility(faults::KernelFault fault, DType dtype) {
  switch (fault) {
    case faults::KernelFault::tail_values_read:
      return {poison(dtype, false)};
    case faults::KernelFault::window_values_read:
      return {poison(dtype, true)};
    case faults::KernelFault::mask_head_broadcast:
      return {masks_of_batches(dtype)};
    case faults::KernelFault::mask_keys_packed:
      return {with_strides(dtype, true, {0, 12, 2, 0}), with_far_rows(dtype, true, true)};
    case faults::KernelFault::mask_strides_ignored:
      return {with_strides(dtype, true, {0, 50, 9, 1}), with_strides(dtype, true, {0, 1, 2, 11}),
              with_far_rows(dtype, true, false)};
    case faults::KernelFault::bias_strides_ignored:
      return {with_strides(dtype, false, {0, 50, 9, 1}), with_far_rows(dtype, false, false)};
    case faults::KernelFault::causal_wide_key_tile:
      return {causal({.q_len = 4200, .kv_len = 4200}, dtype)};
    case faults::KernelFault::causal_four_rows:
    case faults::KernelFault::causal_dropped_one_row:
      return {causal({.q_len = 11, .kv_len = 13}, dtype)};
    case faults::KernelFault::causal_offset_unsigned:
      return {causal({.q_len = 9, .kv_len = 4}, dtype)};
    case faults::KernelFault::window_32_bits:
      return {with_window(dtype, (std::int64_t{1} << 32) + 1, -1),
              with_window(dtype, -1, std::int64_t{3} << 30), with_window(dtype, INT64_MAX, 1)};
    case faults::KernelFault::window_right_ignored:
      return {with_window(dtype, 0, 1)};
    default:
      return for_numbers(fault, dtype);
  }
}

}  // namespace

Problem plain_problem(const Extents& e, DType q, DType kv) {
  Problem p;
  p.q = Tensor(q, {e.batch, e.q_heads, e.q_len, e.qk_dim});
  p.k = Tensor(kv, {e.batch, e.kv_heads, e.kv_len, e.qk_dim});
  p.v = Tensor(kv, {e.batch, e.kv_heads, e.kv_len, e.v_dim});
  std::uint64_t seed = 11;
  for (Tensor* t : {&p.q, &p.k, &p.v}) fill(*t, seed);
  return p;
}

Problem plain_problem(const Extents& extents, DType dtype) { return plain_problem(extents, dtype, dtype); }

std::vector<Problem> special_problems(faults::KernelFault fault, DType dtype) {
  switch (fault) {
    case faults::KernelFault::key_offset_16_bits:
      return {offsets_beyond_16_bits(dtype)};
    case faults::KernelFault::key_strides_ignored:
      return {with_far_keys(dtype)};
    case faults::KernelFault::heads_before_rows:
      return {rows_before_heads(dtype)};
    case faults::KernelFault::head_tiles_cut_groups:
      return {plain_problem({.q_heads = 48, .kv_heads = 2, .q_len = 2, .kv_len = 3}, dtype)};
    case faults::KernelFault::key_index_8_bits:
      return {plain_problem({.kv_len = 300, .qk_dim = 2}, dtype)};
    case faults::KernelFault::batch_ignored:
      return {plain_problem({.batch = 2, .q_len = 2, .kv_len = 3}, dtype)};
    case faults::KernelFault::batch_modulo_4:
      return {plain_problem({.batch = 6, .q_len = 2, .kv_len = 3}, dtype)};
    case faults::KernelFault::last_rows_repeated:
      return {plain_problem({.q_len = 1040, .kv_len = 3}, dtype),
              plain_problem({.q_len = 1050, .kv_len = 3}, dtype)};
    default:
      return for_visibility(fault, dtype);
  }
}

}  // namespace attest::test
