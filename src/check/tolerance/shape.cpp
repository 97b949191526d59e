#include "check/tolerance/shape.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include "problem/quote.hpp"

namespace attest::check {
namespace {

// The part of a shape after its letter: "8" or "8/2".
struct Extent {
  std::int64_t first = 1, second = 1;
};

std::int64_t count_from(std::string_view text, std::string_view part) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size() || count < 1 || count > (1 << 20))
    throw std::invalid_argument(fmt::format("--shape: '{}' has no count from 1 to 2^20", quote(part)));
  return count;
}

Extent extent_from(std::string_view part) {
  const std::string_view numbers = part.substr(1);
  const std::size_t slash = numbers.find('/');
  const std::int64_t first = count_from(numbers.substr(0, slash), part);
  return {first, slash == std::string_view::npos ? first : count_from(numbers.substr(slash + 1), part)};
}

void apply(std::string_view part, ToleranceQuery& query) {
  const Extent extent = extent_from(part);
  switch (part.front()) {
    case 'b':
      query.batch = extent.first;
      return;
    case 'h':
      query.q_heads = extent.first;
      query.kv_heads = extent.second;
      return;
    case 'q':
      query.q_len = extent.first;
      return;
    case 'k':
      query.kv_len = extent.first;
      return;
    case 'd':
      query.qk_dim = extent.first;
      query.v_dim = extent.second;
      return;
    default:
      throw std::invalid_argument(
          fmt::format("--shape: '{}' is none of b, h, q, k, d, as in 'b1 h8/2 q128 k128 d64'", quote(part)));
  }
}

}  // namespace

void read_shape(std::string_view shape, ToleranceQuery& query) {
  while (!shape.empty()) {
    const std::size_t end = std::min(shape.find(' '), shape.size());
    if (end > 0) apply(shape.substr(0, end), query);
    shape.remove_prefix(std::min(end + 1, shape.size()));
  }
  if (query.q_heads % query.kv_heads != 0)
    throw std::invalid_argument(fmt::format("--shape: {} query heads are no multiple of {} key/value heads",
                                            query.q_heads, query.kv_heads));
  const double elements = static_cast<double>(query.batch * query.q_heads) *
                          static_cast<double>(query.q_len + 2 * query.kv_len) *
                          static_cast<double>(std::max(query.qk_dim, query.v_dim));
  if (elements > 0x1p28) throw std::invalid_argument("--shape: more than 2^28 elements");
}

}  // namespace attest::check
