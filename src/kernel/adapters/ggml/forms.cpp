#include "kernel/adapters/ggml/forms.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "kernel/adapters/ggml/blocks.hpp"

namespace attest::kernel::ggml {
namespace {

// Rows of the cache before and after those of a problem.
constexpr std::int64_t kRowsBefore = 3, kRowsAfter = 2;
constexpr std::int64_t kHeads = 4, kTileRows = 64;

std::int64_t rows_of(const Array& array) { return array.extents[1] * array.extents[2] * array.extents[3]; }

// The rows of an array at other places: `place(l, h, b)` counts rows.
template <class Place>
void move_rows(Array& array, std::int64_t room, const Place& place) {
  const std::size_t bytes = array.data.size() / static_cast<std::size_t>(rows_of(array));
  std::vector<std::byte> moved(static_cast<std::size_t>(room) * bytes, std::byte{0xff});
  const std::byte* from = array.data.data();
  for (std::int64_t b = 0; b < array.extents[3]; ++b) {
    for (std::int64_t h = 0; h < array.extents[2]; ++h) {
      for (std::int64_t l = 0; l < array.extents[1]; ++l, from += bytes)
        std::memcpy(moved.data() + static_cast<std::size_t>(place(l, h, b)) * bytes, from, bytes);
    }
  }
  array.data = std::move(moved);
}

void permute(Array& array) {
  const std::int64_t length = array.extents[1], heads = array.extents[2];
  move_rows(array, rows_of(array),
            [&](std::int64_t l, std::int64_t h, std::int64_t b) { return (b * length + l) * heads + h; });
  array.place = RowPlace{
      .room = rows_of(array), .first = 0, .next_row = heads, .next_head = 1, .next_batch = length * heads};
}

void put_into_cache(Array& array) {
  const std::int64_t length = array.extents[1] + kRowsBefore + kRowsAfter, heads = array.extents[2];
  const std::int64_t room = length * heads * array.extents[3];
  move_rows(array, room, [&](std::int64_t l, std::int64_t h, std::int64_t b) {
    return (b * heads + h) * length + kRowsBefore + l;
  });
  array.place = RowPlace{
      .room = room, .first = kRowsBefore, .next_row = 1, .next_head = length, .next_batch = heads * length};
}

// Drops the second half of an axis (2: heads, 3: batches) of a mask that repeats the first. False: it does
// not.
bool halve(Array& mask, std::size_t axis) {
  const std::int64_t extent = mask.extents[axis];
  if (extent < 2 || extent % 2 != 0) return false;
  const std::size_t outer = axis == 2 ? static_cast<std::size_t>(mask.extents[3]) : 1;
  const std::size_t block = mask.data.size() / outer, half = block / 2;
  std::vector<std::byte> kept;
  for (std::size_t at = 0; at < outer; ++at) {
    const std::byte* first = mask.data.data() + at * block;
    if (std::memcmp(first, first + half, half) != 0) return false;
    kept.insert(kept.end(), first, first + half);
  }
  mask.data = std::move(kept);
  mask.extents[axis] = extent / 2;
  return true;
}

bool share_mask(const Form& form, Operands& operands) {
  if (operands.mask.has_value() != (form.mask != MaskSharing::no_mask)) return false;
  if (form.mask == MaskSharing::heads_in_turn) return halve(*operands.mask, 2);
  if (form.mask == MaskSharing::batches_in_turn) return halve(*operands.mask, 3);
  return true;
}

std::size_t row_bytes(const Array& array) {
  return array.data.size() / static_cast<std::size_t>(rows_of(array));
}

// False: v is not the first channels of k.
bool share_keys(Operands& operands) {
  const Array &k = operands.k, &v = operands.v;
  if (k.type != v.type || v.extents[0] > k.extents[0]) return false;
  const std::size_t bytes = row_bytes(v), step = row_bytes(k);
  for (std::size_t row = 0; row < static_cast<std::size_t>(rows_of(v)); ++row) {
    if (std::memcmp(v.data.data() + row * bytes, k.data.data() + row * step, bytes) != 0) return false;
  }
  operands.v_in_k = true;
  return true;
}

attest::Tensor first_channels(const attest::Tensor& keys, std::int64_t channels) {
  const auto& shape = keys.shape();
  attest::Tensor values(keys.dtype(), {shape[0], shape[1], shape[2], channels});
  const std::vector<double> all = keys.values();
  std::vector<double> kept;
  for (std::size_t row = 0; row < all.size(); row += static_cast<std::size_t>(shape[3]))
    kept.insert(kept.end(), all.begin() + static_cast<std::ptrdiff_t>(row),
                all.begin() + static_cast<std::ptrdiff_t>(row) + channels);
  values.assign(kept);
  return values;
}

// Of k and of v. Channels of one block are stored together.
std::pair<std::int64_t, std::int64_t> draw_dims(const Form& form, CacheTypes cache, Draw& draw) {
  if (form.storage == Storage::shared) {
    const std::int64_t unit = in_blocks(cache.k) ? kBlock : 8;
    const std::int64_t v_dim = unit * draw.between(1, 2);
    return {v_dim + unit * draw.between(0, 1), v_dim};
  }
  const std::int64_t dim = 8 * draw.between(1, 5);
  return {dim, draw.chance(0.5) ? dim : 8 * draw.between(1, 5)};
}

std::string_view name_of(Storage storage) {
  switch (storage) {
    case Storage::dense:
      return "dense";
    case Storage::permuted:
      return "q, k and v permuted";
    case Storage::cache:
      return "k and v in a cache";
    case Storage::shared:
      return "v in k";
  }
  return "";
}

void fill(attest::Tensor& tensor, Draw& draw, double size) {
  std::vector<double> values(static_cast<std::size_t>(tensor.count()));
  for (double& value : values) value = size * draw.normal();
  tensor.assign(values);
}

// Of each head and batch, or of half of them twice.
attest::Tensor draw_mask(const Form& form, const Problem& p, Draw& draw) {
  const bool heads_repeat = form.mask == MaskSharing::heads_in_turn;
  const bool batches_repeat = form.mask == MaskSharing::batches_in_turn;
  attest::Tensor mask(DType::u8, {p.batch(), p.q_heads(), p.q_len(), p.kv_len()});
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t h = 0; h < p.q_heads(); ++h) {
      for (std::int64_t i = 0; i < p.q_len(); ++i) {
        for (std::int64_t j = 0; j < p.kv_len(); ++j) {
          double seen = j == 0 || draw.chance(0.7) ? 1 : 0;
          if (heads_repeat && 2 * h >= p.q_heads()) seen = mask.at({b, h - p.q_heads() / 2, i, j});
          if (batches_repeat && 2 * b >= p.batch()) seen = mask.at({b - p.batch() / 2, h, i, j});
          mask.set({b, h, i, j}, seen);
        }
      }
    }
  }
  return mask;
}

// Those of max_bias = 8 for four heads: 2^-2, 2^-4, ...
attest::Tensor slopes_of_four_heads() {
  attest::Tensor slopes(DType::f32, {kHeads});
  for (std::int64_t h = 0; h < kHeads; ++h) slopes.set({h}, std::ldexp(1.0, static_cast<int>(-2 * (h + 1))));
  return slopes;
}

std::vector<Form> make_forms(bool shared) {
  std::vector<Form> made;
  for (const MaskSharing mask : {MaskSharing::no_mask, MaskSharing::each_its_own, MaskSharing::heads_in_turn,
                                 MaskSharing::batches_in_turn}) {
    for (const Storage storage : {Storage::dense, Storage::permuted, Storage::cache, Storage::shared}) {
      const bool own_mask = mask == MaskSharing::no_mask || mask == MaskSharing::each_its_own;
      if (storage == Storage::shared && !(shared && own_mask)) continue;
      for (unsigned extras = 0; extras < 8; ++extras) {
        const Form form{.storage = storage,
                        .mask = mask,
                        .softcap = (extras & 1U) != 0,
                        .alibi = (extras & 2U) != 0,
                        .sinks = (extras & 4U) != 0};
        if (!form.alibi || mask != MaskSharing::no_mask) made.push_back(form);
      }
    }
  }
  return made;
}

}  // namespace

const std::vector<Form>& forms(CacheTypes cache) {
  static const std::vector<Form> apart = make_forms(false), all = make_forms(true);
  return cache.k == cache.v ? all : apart;
}

std::string name_of(const Form& form) {
  std::vector<std::string> words;
  words.emplace_back(name_of(form.storage));
  words.emplace_back(form.mask == MaskSharing::no_mask         ? "no mask"
                     : form.mask == MaskSharing::each_its_own  ? "mask"
                     : form.mask == MaskSharing::heads_in_turn ? "masks of heads in turn"
                                                               : "masks of batches in turn");
  if (form.softcap) words.emplace_back("softcap");
  if (form.alibi) words.emplace_back("ALiBi");
  if (form.sinks) words.emplace_back("sinks");
  return fmt::format("{}", fmt::join(words, "; "));
}

Problem draw_problem(const Form& form, CacheTypes cache, Draw& draw) {
  const std::int64_t batch = form.mask == MaskSharing::batches_in_turn ? 2 : draw.between(1, 2);
  const std::int64_t kv_heads = draw.pick<std::int64_t>({1, 2, 4});
  const std::int64_t q_len = draw.chance(0.3) ? kTileRows : draw.between(1, 4);
  const std::int64_t kv_len = draw.between(1, 70);
  const auto [dim, v_dim] = draw_dims(form, cache, draw);
  const DType kv = cache == CacheTypes{} ? draw.pick({DType::f32, DType::f16, DType::bf16}) : DType::f32;
  Problem p;
  p.q = attest::Tensor(DType::f32, {batch, kHeads, q_len, dim});
  p.k = attest::Tensor(kv, {batch, kv_heads, kv_len, dim});
  p.v = attest::Tensor(kv, {batch, kv_heads, kv_len, v_dim});
  for (attest::Tensor* t : {&p.q, &p.k, &p.v}) fill(*t, draw, 1);
  if (form.storage == Storage::shared) p.v = first_channels(p.k, v_dim);
  p.scale = 1 / std::sqrt(static_cast<double>(dim));
  p.want_lse = false;
  if (form.softcap) p.softcap = draw.pick({1.0, 8.0});
  if (form.mask != MaskSharing::no_mask) p.mask = draw_mask(form, p, draw);
  if (form.alibi) p.alibi_slopes = slopes_of_four_heads();
  if (form.sinks) {
    p.sink = attest::Tensor(DType::f32, {kHeads});
    fill(*p.sink, draw, 1);
  }
  return p;
}

std::optional<Operands> in_form(const Form& form, Operands operands) {
  if ((operands.softcap != 0) != form.softcap || (operands.max_bias != 0) != form.alibi) return std::nullopt;
  if (operands.sinks.has_value() != form.sinks || !share_mask(form, operands)) return std::nullopt;
  if (form.storage == Storage::permuted) {
    for (Array* array : {&operands.q, &operands.k, &operands.v}) permute(*array);
  }
  if (form.storage == Storage::cache) {
    for (Array* array : {&operands.k, &operands.v}) put_into_cache(*array);
  }
  if (form.storage == Storage::shared && !share_keys(operands)) return std::nullopt;
  return operands;
}

}  // namespace attest::kernel::ggml
