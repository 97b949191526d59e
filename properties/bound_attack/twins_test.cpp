// The attack's power: kernels that exceed their contract a little, and bounds with a term left out, are
// found.
#include <cctype>
#include <ostream>

#include <gtest/gtest.h>

#include "bound_attack/search/campaign.hpp"
#include "bound_attack/search/figures_json.hpp"

namespace attest::attack {

void PrintTo(const Twin& twin, std::ostream* out) {
  *out << twin.name << ": keeps " << twin.kept << ", claims " << twin.claimed;
}

namespace {

class EveryTwin : public testing::TestWithParam<Twin> {};

TEST_P(EveryTwin, IsFound) {
  const Detection detection = detect(GetParam(), kDetectionBudget, kSeed);
  EXPECT_GE(detection.case_number, 0) << GetParam().name << ": the largest ratio was " << detection.ratio;
}

INSTANTIATE_TEST_SUITE_P(Twins, EveryTwin, testing::ValuesIn(twins()), [](const auto& each) {
  std::string name;
  for (const char c : each.param.name) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
});

}  // namespace
}  // namespace attest::attack
