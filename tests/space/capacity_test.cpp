#include "space/capacity.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace attest::space {
namespace {

CapacityShape known(const std::string& name) {
  const auto found = std::ranges::find(known_models(), name, &CapacityShape::name);
  EXPECT_NE(found, known_models().end()) << name;
  return *found;
}

TEST(Capacity, OfLlama2Of70BillionParameters) {
  const CapacityShape llama = known("LLaMA2-70B");
  const StoredType f16 = stored_types()[1];
  ASSERT_EQ(f16.name, "f16");
  const auto text = [&](std::optional<std::uint64_t> components) {
    return bytes_text(bits_of(components, f16).value());
  };
  EXPECT_EQ(state_components(llama), 1310720U);
  EXPECT_EQ(text(state_components(llama)), "2.5 MiB");
  EXPECT_EQ(cache_components(llama, llama.kv_heads, 1), 163840U);
  EXPECT_EQ(text(cache_components(llama, llama.kv_heads, 1)), "320 KiB");
  EXPECT_EQ(text(cache_components(llama, llama.kv_heads, 4096)), "1.25 GiB");
  EXPECT_EQ(text(cache_components(llama, llama.kv_heads, 131072)), "40 GiB");
  EXPECT_EQ(cache_components(llama, llama.q_heads, 1),
            8 * cache_components(llama, llama.kv_heads, 1).value());
  EXPECT_EQ(cache_components(llama, llama.q_heads, 1), state_components(llama));
}

TEST(Capacity, KnowsModelsWhoseHeadsAreGroups) {
  for (const CapacityShape& model : known_models()) {
    EXPECT_EQ(model.q_heads % model.kv_heads, 0U) << model.name;
    const bool wider_inside = model.name == "PaLM 540B";
    EXPECT_TRUE(wider_inside || model.q_heads * model.head_dim == model.hidden) << model.name;
  }
}

// By long division of powers of two, digit after digit.
TEST(Capacity, FindsTheFirstPowerOfTwoThatDoesNotFit) {
  for (const std::uint64_t bits : {4U, 8U, 64U, 500U}) {
    const std::uint64_t fit = digits_in(bits);
    EXPECT_LE(static_cast<double>(fit) * std::log2(10.0), static_cast<double>(bits));
    EXPECT_GT(static_cast<double>(fit + 1) * std::log2(10.0), static_cast<double>(bits));
    std::vector<int> digits{1};
    std::uint64_t x = 0;
    for (; digits.size() <= fit; ++x) {
      int carry = 0;
      for (int& digit : digits) {
        carry += 2 * digit;
        digit = carry % 10;
        carry /= 10;
      }
      if (carry > 0) digits.push_back(carry);
    }
    EXPECT_EQ(power_beyond(bits), x) << bits;
  }
}

TEST(Capacity, SaysWhenACountDoesNotFit) {
  EXPECT_EQ(state_components({"", std::uint64_t{1} << 40U, std::uint64_t{1} << 40U, 1, 1, 1}), std::nullopt);
  EXPECT_EQ(bits_of(std::nullopt, stored_types()[0]), std::nullopt);
}

TEST(Capacity, WritesBytesInBinaryUnits) {
  EXPECT_EQ(bytes_text(8), "1 B");
  EXPECT_EQ(bytes_text(4), "4 bits");
  EXPECT_EQ(bytes_text(8 * 1024), "1 KiB");
  EXPECT_EQ(bytes_text(std::uint64_t{8} * 1536 * 1024), "1.5 MiB");
  EXPECT_EQ(bytes_text(8 * 1023), "1023 B");
}

}  // namespace
}  // namespace attest::space
