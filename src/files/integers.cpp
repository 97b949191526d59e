#include "files/integers.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace attest::files {
namespace {

struct Named {
  std::string_view numpy, safetensors;
  IntegerType type;
};
constexpr std::array<Named, 6> kTypes{{{"<i8", "I64", {8, true}},
                                       {"<i2", "I16", {2, true}},
                                       {"|i1", "I8", {1, true}},
                                       {"<u8", "U64", {8, false}},
                                       {"<u4", "U32", {4, false}},
                                       {"<u2", "U16", {2, false}}}};

// None where i32 does not hold it.
std::optional<std::int32_t> as_i32(IntegerType type, ByteView element) {
  std::uint64_t bits = 0;
  for (std::size_t i = element.size(); i-- > 0;)
    bits = bits << 8 | std::to_integer<std::uint64_t>(element[i]);
  const unsigned above = 64 - 8 * static_cast<unsigned>(type.bytes);
  const auto value =
      type.is_signed ? static_cast<std::int64_t>(bits << above) >> above : static_cast<std::int64_t>(bits);
  const bool wraps = !type.is_signed && value < 0;
  using Limits = std::numeric_limits<std::int32_t>;
  if (wraps || value < Limits::min() || value > Limits::max()) return std::nullopt;
  return static_cast<std::int32_t>(value);
}

}  // namespace

std::optional<IntegerType> integer_type(std::string_view name) {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(),
                                  [&](const Named& n) { return n.numpy == name || n.safetensors == name; });
  return found == kTypes.end() ? std::nullopt : std::optional(found->type);
}

std::optional<Tensor> narrowed(IntegerType type, ByteView elements, const std::vector<std::int64_t>& shape,
                               const std::vector<std::int64_t>& strides) {
  // Without strides of its own an empty tensor has no storage.
  if (elements.empty()) return Tensor(DType::i32, shape);
  Tensor tensor(DType::i32, shape, strides);
  for (std::size_t i = 0; i * type.bytes < elements.size(); ++i) {
    const std::optional<std::int32_t> value = as_i32(type, elements.subspan(i * type.bytes, type.bytes));
    if (!value) return std::nullopt;
    std::memcpy(tensor.bytes().data() + i * sizeof *value, &*value, sizeof *value);
  }
  return tensor;
}

}  // namespace attest::files
