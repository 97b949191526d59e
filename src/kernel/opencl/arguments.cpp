#include "kernel/opencl/arguments.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "problem/quote.hpp"

namespace attest::kernel::opencl {
namespace {

constexpr std::array<std::string_view, kBuffers> kBufferNames{
    "q", "k", "v", "out", "lse", "bias", "mask", "alibi_slopes", "sink", "kv_lens"};

constexpr std::array<std::pair<std::string_view, ScalarType>, 6> kTypes{{{"int", ScalarType::i32},
                                                                         {"uint", ScalarType::u32},
                                                                         {"long", ScalarType::i64},
                                                                         {"ulong", ScalarType::u64},
                                                                         {"float", ScalarType::f32},
                                                                         {"double", ScalarType::f64}}};

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::optional<Buffer> buffer_from(std::string_view name) {
  const auto found = std::find(kBufferNames.begin(), kBufferNames.end(), name);
  if (found == kBufferNames.end()) return std::nullopt;
  return static_cast<Buffer>(found - kBufferNames.begin());
}

std::optional<ScalarType> type_from(std::string_view name) {
  const auto* found =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& each) { return each.first == name; });
  if (found == kTypes.end()) return std::nullopt;
  return found->second;
}

Argument real_argument(ScalarType type, std::string_view value) {
  if (value != "scale" && value != "softcap") {
    throw ExpressionError(fmt::format("a float or double argument is scale or softcap, not '{}'",
                                      quote(std::string(value), 24)));
  }
  return {.kind = value == "scale" ? Argument::Kind::scale : Argument::Kind::softcap, .type = type};
}

}  // namespace

std::string_view name_of(Buffer buffer) { return kBufferNames.at(static_cast<std::size_t>(buffer)); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view take_word(std::string_view& text) {
  text = trimmed(text);
  const auto end = std::find_if(text.begin(), text.end(), is_space);
  const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text = trimmed(text.substr(word.size()));
  return word;
}

std::vector<std::string_view> parts_of(std::string_view list) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= list.size(); ++i) {
    const char c = i < list.size() ? list[i] : ',';
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c != ',' || (depth > 0 && i < list.size())) continue;
    parts.push_back(trimmed(list.substr(begin, i - begin)));
    if (parts.back().empty()) throw ExpressionError("an empty part of a list");
    begin = i + 1;
  }
  return parts;
}

Argument parse_argument(std::string_view text) {
  if (const auto buffer = buffer_from(text)) return {.kind = Argument::Kind::buffer, .buffer = *buffer};
  std::string_view rest = text;
  const std::string_view word = take_word(rest);
  if (word == "local" || word == "scratch") {
    return {.kind = word == "local" ? Argument::Kind::local : Argument::Kind::scratch,
            .value = Expression::parse(rest)};
  }
  const std::optional<ScalarType> type = type_from(word);
  if (!type) {
    throw ExpressionError(fmt::format(
        "unknown argument '{}': a buffer (q, k, v, out, ...), a type (int, float, ...), local or scratch",
        quote(std::string(text), 24)));
  }
  if (*type == ScalarType::f32 || *type == ScalarType::f64) return real_argument(*type, rest);
  return {.kind = Argument::Kind::integer, .type = *type, .value = Expression::parse(rest)};
}

}  // namespace attest::kernel::opencl
