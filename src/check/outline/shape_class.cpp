#include "check/outline/shape_class.hpp"

#include <algorithm>
#include <array>

#include "check/outline/shape.hpp"

namespace attest::check {
namespace {

constexpr std::array<std::string_view, kShapeClasses> kNames{
    "one key",   "few keys",     "tile edge",      "between edges",  "decode",        "square",
    "more keys", "more queries", "past 2^11 keys", "past 2^13 keys", "past 2^16 keys"};
constexpr std::int64_t kLong = 2048;

bool at_tile_edge(std::int64_t n) {
  for (std::int64_t tile = 16; tile <= 1024; tile *= 2) {
    if (n >= tile - 1 && n <= tile + 1) return true;
  }
  return false;
}

std::int64_t between_edges(Draw& draw) {
  std::int64_t n = draw.between(18, 100);
  while (at_tile_edge(n)) ++n;
  return n;
}

}  // namespace

std::string_view name_of(ShapeClass shape) { return kNames.at(static_cast<std::size_t>(shape)); }

std::int64_t least_keys(ShapeClass shape) {
  switch (shape) {
    case ShapeClass::past_2_11:
      return kLong + 1;
    case ShapeClass::past_2_13:
      return (1 << 13) + 1;
    case ShapeClass::past_2_16:
      return (1 << 16) + 1;
    default:
      return 1;
  }
}

ShapeClasses shape_classes_of(std::int64_t q_len, std::int64_t kv_len) {
  ShapeClasses classes;
  const auto add = [&](ShapeClass shape, bool on) { classes.set(static_cast<std::size_t>(shape), on); };
  if (q_len == 0 || kv_len == 0) return classes;
  add(ShapeClass::one_key, kv_len == 1);
  add(ShapeClass::few_keys, kv_len > 1 && kv_len < 15);
  add(ShapeClass::tile_edge, at_tile_edge(kv_len));
  add(ShapeClass::between_edges, kv_len > 17 && kv_len <= kLong && !at_tile_edge(kv_len));
  add(ShapeClass::decode, q_len == 1 && kv_len > 1 && kv_len <= kLong);
  add(ShapeClass::square, q_len == kv_len && kv_len > 1);
  add(ShapeClass::more_keys, q_len > 1 && kv_len > q_len);
  add(ShapeClass::more_queries, q_len > kv_len);
  for (const ShapeClass past : {ShapeClass::past_2_11, ShapeClass::past_2_13, ShapeClass::past_2_16})
    add(past, kv_len >= least_keys(past));
  return classes;
}

Lengths draw_lengths_of(Draw& draw, ShapeClass shape) {
  const std::int64_t a = draw_length(draw, 129);
  const std::int64_t b = draw_length(draw, 129);
  switch (shape) {
    case ShapeClass::one_key:
      return {a, 1};
    case ShapeClass::few_keys:
      return {a, draw.between(2, 14)};
    case ShapeClass::tile_edge:
      return {a, draw.pick<std::int64_t>({16, 32, 64, 128, 256}) + draw.between(-1, 1)};
    case ShapeClass::between_edges:
      return {a, between_edges(draw)};
    case ShapeClass::decode:
      return {1, std::max<std::int64_t>(2, a)};
    case ShapeClass::square:
      return {std::max<std::int64_t>(2, a), std::max<std::int64_t>(2, a)};
    case ShapeClass::more_keys:
      return {std::max<std::int64_t>(2, std::min(a, b)), std::max<std::int64_t>(2, std::max(a, b)) + 1};
    case ShapeClass::more_queries:
      return {std::max(a, b) + 1, std::min(a, b)};
    case ShapeClass::past_2_11:
    case ShapeClass::past_2_13:
    case ShapeClass::past_2_16:
      return {draw.pick<std::int64_t>({1, 1, 2, 3}), least_keys(shape) + draw.below(4)};
    case ShapeClass::count_:
      break;
  }
  return {a, b};
}

}  // namespace attest::check
