#include "check/shard/shard.hpp"

#include <charconv>

#include <fmt/format.h>

namespace attest::check {
namespace {

std::optional<std::int64_t> number_from(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string Shard::text() const { return fmt::format("{}/{}", index, count); }

std::optional<Shard> shard_from(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto index = number_from(text.substr(0, slash));
  const auto count = number_from(text.substr(slash + 1));
  if (!index || !count || *index < 1 || *index > *count || *count > kMostShards) return std::nullopt;
  return Shard{*index, *count};
}

}  // namespace attest::check
