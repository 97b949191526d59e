#include "kernel/adapters/ggml/inputs.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernel/adapters/ggml/blocks.hpp"
#include "kernel/adapters/ggml/mask.hpp"

namespace attest::kernel::ggml {
namespace {

using adapters::Request;
using adapters::View;

std::optional<Type> type_of(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return Type::f32;
    case DType::f16:
      return Type::f16;
    case DType::bf16:
      return Type::bf16;
    default:
      return std::nullopt;
  }
}

DType dtype_of(Type type) {
  return type == Type::f16 ? DType::f16 : type == Type::bf16 ? DType::bf16 : DType::f32;
}

bool f32_number(double x) {
  const auto f = static_cast<float>(x);
  return std::isfinite(f) && (f == 0 ? x == 0 : std::isnormal(f));
}

// Calls each(row, view's b, h, l) for the rows of a tensor in ggml's order, which is that of the ABI.
template <class Each>
void for_each_row(const View& view, const Each& each) {
  std::int64_t row = 0;
  for (std::int64_t b = 0; b < view.shape[0]; ++b) {
    for (std::int64_t h = 0; h < view.shape[1]; ++h) {
      for (std::int64_t l = 0; l < view.shape[2]; ++l) each(row++, b, h, l);
    }
  }
}

Array array_for(const View& view, Type type, std::int64_t channels) {
  Array array;
  array.type = type;
  array.extents[0] = channels;
  array.extents[1] = view.shape[2];
  array.extents[2] = view.shape[1];
  array.extents[3] = view.shape[0];
  return array;
}

// The elements as they are.
Array copied(const View& view, Type type, std::int64_t channels) {
  Array array = array_for(view, type, channels);
  const std::size_t size = size_of(view.dtype);
  const std::int64_t rows = view.shape[0] * view.shape[1] * view.shape[2];
  array.data.resize(static_cast<std::size_t>(rows * channels) * size);
  for_each_row(view, [&](std::int64_t row, std::int64_t b, std::int64_t h, std::int64_t l) {
    view.copy_row(b, h, l, array.data.data() + static_cast<std::size_t>(row * channels) * size);
  });
  return array;
}

// f16 or bf16 from f32; nullopt where that rounds.
std::optional<Array> narrowed(const View& view, Type type, std::int64_t channels) {
  const DType dtype = dtype_of(type);
  Array array = array_for(view, type, channels);
  array.data.resize(static_cast<std::size_t>(view.shape[0] * view.shape[1] * view.shape[2] * channels) * 2);
  bool exact = true;
  for_each_row(view, [&](std::int64_t row, std::int64_t b, std::int64_t h, std::int64_t l) {
    for (std::int64_t c = 0; c < view.shape[3]; ++c) {
      const double value = view.at(b, h, l, c);
      std::byte* const to = array.data.data() + (row * channels + c) * 2;
      encode(dtype, value, to);
      exact = exact && (std::isnan(value) || decode(dtype, to) == value);
    }
  });
  return exact ? std::optional(std::move(array)) : std::nullopt;
}

// Not every format holds a zero next to any other values; q and the output have none of these channels.
void pad_with_last(std::vector<float>& values, std::int64_t given, std::int64_t channels) {
  if (given == 0) return;
  for (auto row = values.begin(); row != values.end(); row += channels)
    std::fill(row + given, row + channels, *(row + given - 1));
}

std::optional<Array> in_blocks_of(const View& view, Type type, std::int64_t channels, const Api& api) {
  const Array plain = copied(view, Type::f32, channels);
  std::vector<float> values(plain.data.size() / sizeof(float));
  std::memcpy(values.data(), plain.data.data(), plain.data.size());
  pad_with_last(values, view.shape[3], channels);
  auto blocks = quantised(type, values, channels, api);
  if (!blocks) return std::nullopt;
  Array array = array_for(view, type, channels);
  array.data = std::move(*blocks);
  return array;
}

std::int64_t padded(std::int64_t channels, Type cache) {
  return in_blocks(cache) ? (channels + kBlock - 1) / kBlock * kBlock : channels;
}

// As the problem gives them.
std::optional<Array> as_given(const View& view) {
  const std::optional<Type> given = type_of(view.dtype);
  return given ? std::optional(copied(view, *given, view.shape[3])) : std::nullopt;
}

std::optional<Array> cached(const View& view, Type cache, const Api& api) {
  const std::optional<Type> given = type_of(view.dtype);
  const std::int64_t channels = padded(view.shape[3], cache);
  if (!given) return std::nullopt;
  if (cache == *given) return copied(view, *given, channels);
  if (*given != Type::f32) return std::nullopt;
  return in_blocks(cache) ? in_blocks_of(view, cache, channels, api) : narrowed(view, cache, channels);
}

bool takes(const attest_forward& p, const Request& r) {
  const bool finite_sinks = std::all_of(r.sink.begin(), r.sink.end(), [](double s) { return s > -HUGE_VAL; });
  return p.lse == nullptr && r.q.dtype == DType::f32 && r.batch > 0 && r.q_len > 0 && r.kv_len > 0 &&
         f32_number(r.scale) && f32_number(r.softcap) && finite_sinks;
}

}  // namespace

std::optional<float> max_bias_of(const std::vector<double>& slopes) {
  const auto heads = static_cast<std::uint32_t>(slopes.size());
  const std::uint32_t power = 1U << static_cast<std::uint32_t>(std::floor(std::log2(heads)));
  const auto max_bias = static_cast<float>(-std::log2(slopes[0]) * power);
  if (!(max_bias > 0) || !std::isfinite(max_bias)) return std::nullopt;  // 0 turns ALiBi off
  const float m0 = std::pow(2.0F, -max_bias / static_cast<float>(power));
  const float m1 = std::pow(2.0F, -(max_bias / 2.0F) / static_cast<float>(power));
  for (std::uint32_t h = 0; h < heads; ++h) {
    const float slope = h < power ? std::pow(m0, static_cast<float>(h + 1))
                                  : std::pow(m1, static_cast<float>(2 * (h - power) + 1));
    if (static_cast<double>(slope) != slopes[h]) return std::nullopt;
  }
  return max_bias;
}

std::optional<Operands> operands_of(const attest_forward& problem, CacheTypes cache, const Api& api) {
  const Request r = adapters::read_request(problem);
  if (!takes(problem, r)) return std::nullopt;
  Operands operands;
  if (!r.slopes.empty()) {
    const std::optional<float> max_bias = max_bias_of(r.slopes);
    if (!max_bias) return std::nullopt;
    operands.max_bias = *max_bias;
  }
  ScoreMask mask = score_mask(r);
  if (!mask.exact) return std::nullopt;
  operands.mask = std::move(mask.array);
  auto k = cache == CacheTypes{} ? as_given(r.k) : cached(r.k, cache.k, api);
  auto v = cache == CacheTypes{} ? as_given(r.v) : cached(r.v, cache.v, api);
  if (!k || !v) return std::nullopt;
  operands.q = copied(r.q, Type::f32, k->extents[0]);
  operands.k = std::move(*k);
  operands.v = std::move(*v);
  if (!r.sink.empty()) {
    Array sinks;
    sinks.extents[0] = r.q_heads;
    sinks.data.resize(r.sink.size() * sizeof(float));
    for (std::size_t h = 0; h < r.sink.size(); ++h)
      encode(DType::f32, r.sink[h], sinks.data.data() + h * sizeof(float));
    operands.sinks = std::move(sinks);
  }
  operands.scale = static_cast<float>(r.scale);
  operands.softcap = static_cast<float>(r.softcap);
  return operands;
}

}  // namespace attest::kernel::ggml
