#include "kernel/adapters/ggml/blocks.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "problem/dtype.hpp"
#include "problem/kv_storage/storage_blocks.hpp"

namespace attest::kernel::ggml {
namespace {

constexpr std::size_t kHalfBytes = 2, kHighBitBytes = 4;
constexpr std::size_t kPairs = kBlock / 2;  // of nibbles

bool has_minimum(Type type) { return type == Type::q4_1 || type == Type::q5_1; }
bool has_high_bits(Type type) { return type == Type::q5_0 || type == Type::q5_1; }

// The scale, and the minimum where there is one.
std::size_t halves_bytes(Type type) { return kHalfBytes * (has_minimum(type) ? 2 : 1); }

// The number of a channel, of 4 or 5 bits; `numbers` follow the scale and the minimum.
int number_of(Type type, const std::byte* numbers, std::size_t channel) {
  const std::byte* nibbles = numbers + (has_high_bits(type) ? kHighBitBytes : 0);
  const auto pair = std::to_integer<int>(nibbles[channel % kPairs]);
  const int low = channel < kPairs ? pair & 15 : pair >> 4;
  if (!has_high_bits(type)) return low;
  return low + 16 * (std::to_integer<int>(numbers[channel / 8]) >> channel % 8 & 1);
}

// What the scale multiplies.
int factor_of(Type type, const std::byte* numbers, std::size_t channel) {
  if (type == Type::q8_0) return static_cast<std::int8_t>(numbers[channel]);
  const int number = number_of(type, numbers, channel);
  if (type == Type::iq4_nl) return kNonlinearLevels.at(static_cast<std::size_t>(number));
  return number - (type == Type::q4_0 ? 8 : type == Type::q5_0 ? 16 : 0);
}

void append_block(Type type, const std::byte* block, std::vector<float>& values) {
  const auto scale = static_cast<float>(decode(DType::f16, block));
  const auto minimum = has_minimum(type) ? static_cast<float>(decode(DType::f16, block + kHalfBytes)) : 0.0F;
  for (std::size_t c = 0; c < kBlock; ++c) {
    // The product is exact: 11 bits times 8.
    values.push_back(scale * static_cast<float>(factor_of(type, block + halves_bytes(type), c)) + minimum);
  }
}

// The level -127 is that of the largest magnitude.
void write_nonlinear(std::span<const float> values, std::byte* block) {
  const float largest = *std::max_element(values.begin(), values.end(),
                                          [](float a, float b) { return std::fabs(a) < std::fabs(b); });
  encode(DType::f16, static_cast<double>(largest) / kNonlinearLevels.front(), block);
  const double scale = decode(DType::f16, block);
  const auto level = [&](std::size_t c) {
    return static_cast<unsigned>(nearest_level(scale == 0 ? 0 : static_cast<double>(values[c]) / scale));
  };
  for (std::size_t c = 0; c < kPairs; ++c)
    block[kHalfBytes + c] = static_cast<std::byte>(level(c) | level(c + kPairs) << 4U);
}

}  // namespace

bool in_blocks(Type type) { return type != Type::f32 && type != Type::f16 && type != Type::bf16; }

std::size_t block_bytes(Type type) {
  return halves_bytes(type) + (has_high_bits(type) ? kHighBitBytes : 0) +
         (type == Type::q8_0 ? kBlock : kPairs);
}

std::vector<float> dequantised(Type type, const std::vector<std::byte>& blocks) {
  std::vector<float> values;
  for (std::size_t at = 0; at < blocks.size(); at += block_bytes(type))
    append_block(type, blocks.data() + at, values);
  return values;
}

std::optional<std::vector<std::byte>> quantised(Type type, const std::vector<float>& values,
                                                std::int64_t channels, const Api& api) {
  if (!std::all_of(values.begin(), values.end(), [](float x) { return std::isfinite(x); }))
    return std::nullopt;
  std::vector<std::byte> blocks(values.size() / kBlock * block_bytes(type));
  if (type == Type::iq4_nl) {
    for (std::size_t at = 0; at < values.size() / kBlock; ++at)
      write_nonlinear(std::span(values).subspan(at * kBlock, kBlock), blocks.data() + at * block_bytes(type));
  } else {
    api.quantize_chunk(static_cast<int>(type), values.data(), blocks.data(), 0,
                       static_cast<std::int64_t>(values.size()) / channels, channels, nullptr);
  }
  return dequantised(type, blocks) == values ? std::optional(std::move(blocks)) : std::nullopt;
}

}  // namespace attest::kernel::ggml
