#include "space/flip_books.hpp"

#include <gtest/gtest.h>

namespace attest::space {
namespace {

TEST(FlipBooks, TakeTheSameWordsAtEveryLengthAndTriangularSteps) {
  const std::vector<FlipBookEntry> longest = measure_flip_books(64, 1);
  EXPECT_EQ(longest.size(), 7U);
  for (const std::size_t length : {1U, 2U, 17U, 64U}) {
    const std::vector<FlipBookEntry> entries = measure_flip_books(length, 1);
    ASSERT_EQ(entries.size(), longest.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const FlipBookEntry& e = entries[i];
      EXPECT_TRUE(e.holds()) << e.name << " at " << length << ": " << e.state_words << " words, " << e.steps
                             << " steps, " << e.heap_allocations << " allocations, bits " << e.same_bits;
      EXPECT_EQ(e.state_words, longest[i].state_words) << e.name;
      EXPECT_EQ(e.steps, length * (length + 1) / 2) << e.name;
    }
  }
}

}  // namespace
}  // namespace attest::space
