#include "problem/place.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace attest {
namespace {

Result numbered(bool lse) {
  Result result;
  result.out = Tensor(DType::f32, {2, 1, 2, 3});
  result.out.assign({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  if (!lse) return result;
  result.lse = Tensor(DType::f32, {2, 1, 2});
  result.lse->assign({100, 101, 102, 103});
  return result;
}

std::vector<double> numbers(const Result& result) {
  std::vector<double> found;
  std::vector<Place> places;
  for_each_place(result, [&](const Place& place) {
    found.push_back(number_at(result, place));
    places.push_back(place);
  });
  EXPECT_TRUE(std::is_sorted(places.begin(), places.end()));
  EXPECT_EQ(std::set<Place>(places.begin(), places.end()).size(), places.size());
  return found;
}

TEST(Place, EveryNumberOfAResultHasOneInTheOrderOfRows) {
  EXPECT_EQ(numbers(numbered(false)), (std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
  EXPECT_EQ(numbers(numbered(true)),
            (std::vector<double>{100, 0, 1, 2, 101, 3, 4, 5, 102, 6, 7, 8, 103, 9, 10, 11}));
}

TEST(Place, NamesItsOutput) {
  const Place lse{0, 0, 1, Output::lse};
  EXPECT_TRUE(lse.in(Output::lse));
  EXPECT_NE(lse, (Place{0, 0, 1, Output::out, 0}));
  EXPECT_EQ(output_of(numbered(false), Output::lse), nullptr);
}

}  // namespace
}  // namespace attest
