// The blocked tier keeps its promise of memory at a length where a score matrix would take 32 GiB.
#include <algorithm>
#include <cstdint>

#include <gtest/gtest.h>
#include <malloc.h>

#include "oracle/blocked/tier.hpp"

namespace attest::oracle {
namespace {

std::size_t bytes_in_use() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

// Values from a counter: 12 million normal variates would take longer than the certificate.
Tensor counted(std::int64_t length, std::uint32_t multiplier) {
  Tensor t(DType::f32, {1, 1, length, 64});
  std::vector<double> values(static_cast<std::size_t>(t.count()));
  std::uint32_t state = 1;
  for (double& x : values)
    x = static_cast<double>(static_cast<std::int32_t>(state = state * multiplier + 1)) * 0x1p-31;
  t.assign(values);
  return t;
}

TEST(BlockedMemory, StaysBelowSixteenMebibytesAtSixtyFiveThousandKeys) {
  constexpr std::int64_t kLength = 65536;
  Problem p;
  p.q = counted(kLength, 1664525);
  p.k = counted(kLength, 22695477);
  p.v = counted(kLength, 1103515245);
  p.scale = 0.125;
  p.causal = Causal::bottom_right;
  const ContractSet contract = contract_for("f32", DType::f32, DType::f32);
  const std::size_t before = bytes_in_use();
  std::size_t most = 0;
  std::int64_t usable = 0;
  const blocked::HeadFacts head = blocked::facts_of_head(p, 0, 0);
  blocked::certify_rows(p, contract, head, 0, 0, kLength - blocked::rows_per_call(p), kLength,
                        [&](std::int64_t, const blocked::CertifiedRow& row) {
                          most = std::max(most, bytes_in_use() - before);
                          usable += row.usable ? 1 : 0;
                        });
  EXPECT_EQ(usable, blocked::rows_per_call(p));
  EXPECT_LT(most, std::size_t{16} << 20);
#ifndef __SANITIZE_ADDRESS__  // whose allocator does not tell
  EXPECT_GT(most, std::size_t{1} << 18) << "nothing was measured";
#endif
}

}  // namespace
}  // namespace attest::oracle
