#include "space/capacity.hpp"

#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "space/count.hpp"

namespace attest::space {
namespace {

constexpr long double kBitsOfDigit = std::numbers::ln10_v<long double> / std::numbers::ln2_v<long double>;

}  // namespace

const std::vector<StoredType>& stored_types() {
  static const std::vector<StoredType> types{{"f32", 32}, {"f16", 16}, {"bf16", 16}, {"f8", 8}, {"int4", 4}};
  return types;
}

std::optional<std::uint64_t> state_components(const CapacityShape& s) {
  return (Count(2) * s.layers * s.hidden).value();
}

std::optional<std::uint64_t> cache_components(const CapacityShape& s, std::uint64_t kv_heads,
                                              std::uint64_t length) {
  return (Count(2) * s.layers * kv_heads * s.head_dim * length).value();
}

std::optional<std::uint64_t> bits_of(std::optional<std::uint64_t> components, const StoredType& type) {
  return components ? (Count(*components) * type.bits).value() : std::nullopt;
}

const std::vector<CapacityShape>& known_models() {
  static const std::vector<CapacityShape> models{
      {"GPT-2", 12, 768, 12, 12, 64},
      {"GPT-2 XL", 48, 1600, 25, 25, 64},
      {"GPT-3 175B", 96, 12288, 96, 96, 128},
      {"PaLM 540B", 118, 18432, 48, 1, 256},
      {"LLaMA2-7B", 32, 4096, 32, 32, 128},
      {"LLaMA2-13B", 40, 5120, 40, 40, 128},
      {"LLaMA2-70B", 80, 8192, 64, 8, 128},
      {"Falcon-7B", 32, 4544, 71, 1, 64},
      {"Mistral-7B", 32, 4096, 32, 8, 128},
      {"Llama-3-8B", 32, 4096, 32, 8, 128},
      {"Llama-3.1-405B", 126, 16384, 128, 8, 128},
      {"Qwen2.5-7B", 28, 3584, 28, 4, 128},
  };
  return models;
}

std::uint64_t digits_in(std::uint64_t bits) {
  return static_cast<std::uint64_t>(static_cast<long double>(bits) / kBitsOfDigit);
}

std::uint64_t power_beyond(std::uint64_t bits) {
  return static_cast<std::uint64_t>(std::ceil(static_cast<long double>(digits_in(bits)) * kBitsOfDigit));
}

std::string bytes_text(std::uint64_t bits) {
  if (bits % 8 != 0) return fmt::format("{} bits", bits);
  double bytes = static_cast<double>(bits) / 8;
  constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit < 6; ++unit) bytes /= 1024;
  std::string text = fmt::format("{:.2f}", bytes);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + " " + kUnits[unit];
}

}  // namespace attest::space
