#include "check/outline/shape.hpp"

#include <algorithm>
#include <vector>

namespace attest::check {
namespace {

std::int64_t draw_dim(Draw& draw, const GenContext& context) {
  const bool odd = context.draw(draw, Feature::odd_dims);
  const bool wide = context.draw(draw, Feature::wide_dims);
  if (wide)
    return odd ? draw.pick<std::int64_t>({65, 72 + 1, 80 + 4, 96 + 2, 127})
               : draw.pick<std::int64_t>({72, 80, 96, 128});
  return odd ? draw.pick<std::int64_t>({1, 2, 3, 4, 5, 7, 9, 12, 17, 20, 33, 63})
             : draw.pick<std::int64_t>({8, 8, 16, 16, 24, 32, 40, 64});
}

void draw_dims(Draw& draw, const GenContext& context, Shape& shape) {
  shape.qk_dim = draw_dim(draw, context);
  shape.v_dim = context.draw(draw, Feature::unequal_dims) ? draw_dim(draw, context) : shape.qk_dim;
}

void draw_heads(Draw& draw, const GenContext& context, Shape& shape) {
  if (context.draw(draw, Feature::several_batches)) shape.batch = draw.between(2, 4);
  if (!context.draw(draw, Feature::several_heads)) return;
  if (context.draw(draw, Feature::grouped_heads)) {
    shape.kv_heads = draw.pick<std::int64_t>({1, 1, 2, 2, 3});
    shape.q_heads = shape.kv_heads * draw.pick<std::int64_t>({2, 2, 3, 4, 7, 8});
  } else {
    shape.q_heads = shape.kv_heads = draw.pick<std::int64_t>({2, 2, 3, 4, 5, 8});
  }
}

// Tiles of kernels, and lengths between them.
std::int64_t large_length(Draw& draw) {
  const std::int64_t tile = draw.pick<std::int64_t>({128, 192, 256, 256, 320, 384, 512, 640, 1024});
  return tile + draw.between(-1, 1);
}

void draw_lengths(Draw& draw, const GenContext& context, Shape& shape, bool large) {
  const auto length = [&] { return large && draw.chance(0.7) ? large_length(draw) : draw_length(draw, 129); };
  const std::int64_t a = length();
  const std::int64_t b = length();
  const double longer_keys = context.of(Feature::longer_keys);
  const double longer_queries = context.of(Feature::longer_queries);
  const double which = draw.unit() * std::max(1.0, longer_keys + longer_queries);
  if (context.draw(draw, Feature::single_query)) {
    shape.q_len = 1;
    shape.kv_len = which < longer_keys + 0.5 && longer_keys > 0.01 ? a : 1;
  } else if (which < longer_keys) {
    shape.q_len = std::min(a, b);
    shape.kv_len = std::max(a, b);
  } else if (which < longer_keys + longer_queries) {
    shape.q_len = std::max(a, b);
    shape.kv_len = std::min(a, b);
  } else {
    shape.q_len = shape.kv_len = a;
  }
}

// One row of one head against a long cache, with few channels: long, and still cheap.
Shape long_row(Draw& draw, const GenContext& context, Shape shape) {
  std::vector<std::int64_t> tops;
  for (std::int64_t n = 2048; n < context.longest_row; n *= 2) {
    if (n != 4096) tops.push_back(n);
  }
  if (tops.empty()) return shape;
  shape.batch = shape.q_heads = shape.kv_heads = shape.q_len = 1;
  shape.kv_len = draw.pick(tops) + draw.between(-1, 3);
  shape.qk_dim = std::min<std::int64_t>(shape.qk_dim, 16);
  shape.v_dim = std::min<std::int64_t>(shape.v_dim, 16);
  return shape;
}

void halve(std::int64_t& extent) { extent = std::max<std::int64_t>(1, extent / 2); }

// What the shape is about, its lengths, is given up last.
void fit(Draw& draw, Shape& shape, double work, bool keep_dims = false) {
  while (shape.work() > work) {
    if (shape.batch > 1) {
      --shape.batch;
    } else if (shape.kv_heads > 1) {
      const std::int64_t group = shape.q_heads / shape.kv_heads;
      --shape.kv_heads;
      shape.q_heads = group * shape.kv_heads;
    } else if (shape.q_heads > 2) {
      --shape.q_heads;
    } else if (!keep_dims && shape.qk_dim + shape.v_dim > 32) {
      const bool equal = shape.qk_dim == shape.v_dim;
      halve(shape.qk_dim);
      if (equal)
        shape.v_dim = shape.qk_dim;
      else
        halve(shape.v_dim);
    } else if (shape.q_heads > 1) {
      --shape.q_heads;
    } else {
      std::int64_t& longest = shape.q_len > shape.kv_len ? shape.q_len : shape.kv_len;
      const bool equal = shape.q_len == shape.kv_len;
      longest = draw_length(draw, std::max<std::int64_t>(1, longest - 1));
      if (equal) shape.q_len = shape.kv_len = longest;
    }
  }
}

// A dim of at most `most`, which stays a multiple of 8 or none.
void narrow(std::int64_t& dim, std::int64_t most) {
  if (dim > most) dim = dim % 8 == 0 ? most : most - 1 - dim % 6;
}

// Extents beyond the ordinary, one at a time, with the others small: head dims of large models (192/128 and
// 576/512 are those of latent attention), their heads and groups, batches of a server.
Shape outsized(Draw& draw, const GenContext& context, Shape shape) {
  const auto few = [&](std::int64_t most) { return draw.between(1, most); };
  switch (draw.below(4)) {
    case 0: {
      const auto dims = draw.pick<std::pair<std::int64_t, std::int64_t>>(
          {{192, 192}, {256, 256}, {192, 128}, {576, 512}, {160, 160}, {320, 320}, {512, 512}});
      shape.qk_dim = dims.first;
      shape.v_dim = dims.second;
      fit(draw, shape, 4 * context.usual_work, true);
      return shape;
    }
    case 1:
      shape.kv_heads = draw.pick<std::int64_t>({8, 16, 32, 128});
      shape.q_heads = 128;
      break;
    case 2:
      shape.kv_heads = draw.pick<std::int64_t>({1, 2, 3});
      shape.q_heads = shape.kv_heads * draw.pick<std::int64_t>({17, 20, 24, 24, 32, 40});
      break;
    default:
      shape.batch = draw.pick<std::int64_t>({5, 7, 9, 16, 16});
      shape.q_heads = std::min<std::int64_t>(shape.q_heads, 4) / std::min<std::int64_t>(shape.kv_heads, 4);
      shape.kv_heads = 1;
      break;
  }
  shape.q_len = few(6);
  shape.kv_len = draw.pick({shape.q_len, few(9), few(33)});
  narrow(shape.qk_dim, 16);
  narrow(shape.v_dim, 16);
  return shape;
}

// Thousands of rows, few channels: tiles of rows that are wider than those of keys, and offsets of late rows.
Shape many_rows(Draw& draw, const GenContext& context, Shape shape) {
  shape.batch = shape.q_heads = shape.kv_heads = 1;
  shape.q_len = draw.pick<std::int64_t>({1040, 1100, 2048, 3000, 4096, 8192}) + draw.between(-1, 1);
  shape.kv_len = draw_length(draw, 65);
  if (context.of(Feature::longer_queries) < 0.01) shape.kv_len = shape.q_len;
  narrow(shape.qk_dim, 8);
  narrow(shape.v_dim, 8);
  return shape;
}

// Square, past tiles of 512 rows by 768 keys: a causal limit that a tile of keys does not reach.
Shape many_rows_and_keys(Draw& draw, Shape shape) {
  shape.batch = shape.q_heads = shape.kv_heads = 1;
  shape.q_len = shape.kv_len = draw.pick<std::int64_t>({4097, 4160, 4352, 4609}) + draw.between(0, 3);
  narrow(shape.qk_dim, 4);
  narrow(shape.v_dim, 4);
  return shape;
}

// Long rows are few, of two heads or batches at most, and of few channels.
Shape asked_shape(Draw& draw, const GenContext& context, Shape shape) {
  const Lengths lengths = draw_lengths_of(draw, *context.shape);
  shape.q_len = lengths.q_len;
  shape.kv_len = lengths.kv_len;
  if (!is_long(*context.shape)) {
    fit(draw, shape, context.usual_work);
    return shape;
  }
  shape.batch = std::min<std::int64_t>(shape.batch, 2);
  const std::int64_t group = std::min<std::int64_t>(shape.q_heads / shape.kv_heads, 2);
  shape.kv_heads = group > 1 ? 1 : std::min<std::int64_t>(shape.kv_heads, 2);
  shape.q_heads = group * shape.kv_heads;
  const std::int64_t most = *context.shape == ShapeClass::past_2_16 ? 8 : 16;
  narrow(shape.qk_dim, most);
  narrow(shape.v_dim, most);
  while (shape.q_len > 1 && shape.work() > context.large_work) --shape.q_len;
  fit(draw, shape, context.large_work, true);
  return shape;
}

}  // namespace

std::int64_t draw_length(Draw& draw, std::int64_t most) {
  const double which = draw.unit();
  std::int64_t length = 0;
  if (which < 0.4) {
    length = draw.between(1, 9);
  } else if (which < 0.75) {
    length = draw.pick<std::int64_t>({16, 32, 64}) + draw.between(-1, 1);
  } else if (which < 0.9) {
    length = draw.between(1, 100);
  } else {
    length = 128 + draw.between(-1, 1);
  }
  return std::min(length, most);
}

Shape draw_tiled_shape(Draw& draw, const GenContext& context) {
  Shape shape;
  if (context.draw(draw, Feature::several_heads)) shape.q_heads = shape.kv_heads = 2;
  // With the fewest channels that fit() leaves, so that it takes no rows.
  const auto most = [&](std::int64_t rows) {
    return static_cast<std::int64_t>(context.usual_work / static_cast<double>(32 * rows));
  };
  if (draw.chance(0.3)) {
    shape.q_len = shape.kv_len = draw.pick<std::int64_t>({64, 64, 65});
  } else {
    shape.q_len = draw.pick<std::int64_t>({64, 64, 65, 96, 127, 128, 129});
    shape.kv_len = draw_length(draw, std::clamp<std::int64_t>(most(shape.q_len), 1, 129));
  }
  shape.qk_dim = draw.pick<std::int64_t>({16, 32, 64, 128});
  shape.v_dim =
      context.draw(draw, Feature::unequal_dims) ? draw.pick<std::int64_t>({16, 32, 64}) : shape.qk_dim;
  fit(draw, shape, context.usual_work);
  return shape;
}

Shape draw_shape(Draw& draw, const GenContext& context, bool plain) {
  Shape shape;
  const bool large = draw.chance(context.large_share);
  draw_dims(draw, context, shape);
  if (!plain) draw_heads(draw, context, shape);
  if (context.shape) return asked_shape(draw, context, shape);
  if (context.shape_kind == ShapeKind::many_rows) return many_rows(draw, context, shape);
  if (context.shape_kind == ShapeKind::many_rows_and_keys) return many_rows_and_keys(draw, shape);
  if (!plain && draw.chance(context.outsized_share)) return outsized(draw, context, shape);
  draw_lengths(draw, context, shape, large);
  if (large && context.of(Feature::longer_keys) > 0.01 && draw.chance(0.35))
    shape = long_row(draw, context, shape);
  fit(draw, shape, large ? context.large_work : context.usual_work);
  if (!plain && context.draw(draw, Feature::nothing)) {
    (draw.chance(0.4) ? shape.kv_len : draw.chance(0.5) ? shape.q_len : shape.batch) = 0;
  }
  return shape;
}

}  // namespace attest::check
