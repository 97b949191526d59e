#include "kernel/adapters/ggml/blocks.hpp"

#include <algorithm>
#include <cmath>

#include "problem/dtype.hpp"

namespace attest::kernel::ggml {
namespace {

constexpr std::size_t kScaleBytes = 2;

std::size_t block_bytes(Type type) { return kScaleBytes + (type == Type::q8_0 ? kBlock : kBlock / 2); }

int integer_of(Type type, const std::byte* payload, std::size_t channel) {
  if (type == Type::q8_0) return static_cast<std::int8_t>(payload[channel]);
  constexpr std::size_t kHalf = kBlock / 2;
  const auto pair = std::to_integer<int>(payload[channel % kHalf]);
  return (channel < kHalf ? pair & 15 : pair >> 4) - 8;
}

}  // namespace

std::vector<float> dequantised(Type type, const std::vector<std::byte>& blocks) {
  std::vector<float> values;
  for (std::size_t at = 0; at < blocks.size(); at += block_bytes(type)) {
    const auto scale = static_cast<float>(decode(DType::f16, blocks.data() + at));
    for (std::size_t c = 0; c < kBlock; ++c) {
      // Exact: 11 bits times 8.
      values.push_back(scale * static_cast<float>(integer_of(type, blocks.data() + at + kScaleBytes, c)));
    }
  }
  return values;
}

std::optional<std::vector<std::byte>> quantised(Type type, const std::vector<float>& values,
                                                std::int64_t channels, const Api& api) {
  if (!std::all_of(values.begin(), values.end(), [](float x) { return std::isfinite(x); }))
    return std::nullopt;
  std::vector<std::byte> blocks(values.size() / kBlock * block_bytes(type));
  api.quantize_chunk(static_cast<int>(type), values.data(), blocks.data(), 0,
                     static_cast<std::int64_t>(values.size()) / channels, channels, nullptr);
  return dequantised(type, blocks) == values ? std::optional(std::move(blocks)) : std::nullopt;
}

}  // namespace attest::kernel::ggml
