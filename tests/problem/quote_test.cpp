#include "problem/quote.hpp"

#include <array>

#include <gtest/gtest.h>

namespace attest {
namespace {

TEST(Quote, KeepsShortText) {
  EXPECT_EQ(quote("attn_mask"), "attn_mask");
  EXPECT_EQ(quote("Größe, 長さ"), "Größe, 長さ");
  EXPECT_EQ(quote(""), "");
}

TEST(Quote, CutsTheMiddle) {
  EXPECT_EQ(quote("0123456789", 10), "0123456789");
  EXPECT_EQ(quote("0123456789a", 10), "0123...89a");
  EXPECT_EQ(quote(std::string(1'000'000, 'x')).size(), 40U);
}

// "ü" has two bytes, of which none is left alone.
TEST(Quote, CutsBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "ü";
  for (std::size_t most = 8; most < 30; ++most) {
    const std::string cut = quote(text, most);
    EXPECT_LE(cut.size(), most);
    EXPECT_EQ(cut.find('?'), std::string::npos) << cut;
    EXPECT_EQ((cut.size() - 3) % 2, 0U) << cut;
  }
}

TEST(Quote, ReplacesWhatNoTerminalPrints) {
  EXPECT_EQ(quote("a\nb\tc\x1b[31m\x7f"), "a?b?c?[31m?");
  EXPECT_EQ(quote(std::string_view("a\0b", 3)), "a?b");
  EXPECT_EQ(quote("\xffx\xc3y\xe9"), "?x?y?");
  EXPECT_EQ(quote("\xc0\xaf"), "??");  // '/' in two bytes
}

TEST(ClosestWord, IsTheOneWithFewestEdits) {
  constexpr std::array<std::string_view, 4> kWords{"onednn", "onnxruntime", "ggml", "q"};
  EXPECT_EQ(closest_word("onednnn", kWords), "onednn");
  EXPECT_EQ(closest_word("onedn", kWords), "onednn");
  EXPECT_EQ(closest_word("onendn", kWords), "onednn");  // two letters exchanged
  EXPECT_EQ(closest_word("gmgl", kWords), "ggml");
  EXPECT_EQ(closest_word("onnxruntme", kWords), "onnxruntime");
}

TEST(ClosestWord, IsNoneWhereNothingIsClose) {
  constexpr std::array<std::string_view, 3> kWords{"onednn", "ggml", "q"};
  for (const char* wrong : {"nosuch", "k", "gg", "", "onednnabc"})
    EXPECT_EQ(closest_word(wrong, kWords), "") << wrong;
  EXPECT_EQ(closest_word(std::string(100'000, 'o'), kWords), "");
}

}  // namespace
}  // namespace attest
