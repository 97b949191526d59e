// The range of keys of a row, against the rule for each key.
#include "kernel/adapters/request.hpp"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

namespace attest::kernel::adapters {
namespace {

void expect_range(const Request& r) {
  for (std::int64_t b = 0; b < r.batch; ++b) {
    for (std::int64_t i = 0; i < r.q_len; ++i) {
      const Request::KeyRange range = r.key_range(b, i);
      EXPECT_LE(0, range.begin);
      EXPECT_LE(range.begin, range.end);
      EXPECT_LE(range.end, r.kv_len);
      for (std::int64_t j = 0; j < r.kv_len; ++j) {
        EXPECT_EQ(j >= range.begin && j < range.end, r.visible(b, 0, i, j))
            << static_cast<int>(r.direction) << " window " << r.window_left << " " << r.window_right
            << " row " << b << "," << i << " key " << j;
      }
    }
  }
}

TEST(Request, LeavesARowTheKeysThatLengthsCausalityAndWindowsLeave) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  for (const Direction direction : {Direction::both, Direction::top_left, Direction::bottom_right}) {
    for (const std::int64_t left : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{2}, kMost}) {
      for (const std::int64_t right : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{3}, kMost}) {
        Request r;
        r.batch = 3;
        r.q_heads = r.kv_heads = 1;
        r.q_len = 5;
        r.kv_len = 7;
        r.lens = {7, 3, 0};  // positions before the first key, too
        r.direction = direction;
        r.window_left = left;
        r.window_right = right;
        expect_range(r);
      }
    }
  }
}

}  // namespace
}  // namespace attest::kernel::adapters
