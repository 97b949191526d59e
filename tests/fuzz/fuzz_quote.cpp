// Any text in a message, and the name that was probably meant (`attest explain`, names in files).
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "fuzz_input.hpp"
#include "problem/quote.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace attest;
  constexpr std::array<std::string_view, 6> kKnown{"mask", "bias", "alibi_slopes", "causal", "kv_lens", "q"};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::size_t most : {std::size_t{0}, std::size_t{3}, std::size_t{40}, size}) {
    const std::string quoted = quote(text, most);
    test::require(quoted.size() <= std::max<std::size_t>(most, 3), "a quotation that is too long");
    for (const char c : quoted)
      test::require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "a control character");
    test::require(quote(quoted, std::max<std::size_t>(most, 3)) == quoted, "a quotation that is not one");
  }
  const std::string closest = closest_word(text, kKnown);
  test::require(closest.empty() || std::find(kKnown.begin(), kKnown.end(), closest) != kKnown.end(),
                "a suggestion that nobody knows");
  return 0;
}
