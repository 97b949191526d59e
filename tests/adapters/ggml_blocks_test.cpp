// What ggml reads from the blocks of a cache, and that a cache read wrongly is seen: the real library, given
// blocks with each other's scales, computes what a kernel would that takes the scale of the wrong block.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "ggml_support.hpp"
#include "kernel/adapters/ggml/blocks.hpp"
#include "kernel/adapters/ggml/graph.hpp"
#include "oracle/contract/questions.hpp"

namespace attest::kernel {
namespace {

using ggml::Type;

constexpr std::array<std::pair<const char*, Type>, 6> kBlocked{{{"q8_0", Type::q8_0},
                                                                {"q4_0", Type::q4_0},
                                                                {"q4_1", Type::q4_1},
                                                                {"q5_0", Type::q5_0},
                                                                {"q5_1", Type::q5_1},
                                                                {"iq4_nl", Type::iq4_nl}}};

oracle::ContractSet contract_of(const std::string& variant) {
  return oracle::contract_for(testing_ggml::kernel_of(variant).info().contract, DType::f32, DType::f32);
}

// Two blocks of channels, the second of larger numbers.
Problem random_problem(std::int64_t kv_len, const oracle::ContractSet& contract) {
  std::mt19937_64 random(3);
  Problem p = testing_ggml::constant_problem({.q_len = 3, .kv_len = kv_len, .qk_dim = 64, .v_dim = 64}, 0);
  for (Tensor* t : {&p.q, &p.k, &p.v}) {
    testing_ggml::randomize(*t, random);
    std::vector<double> values = t->values();
    for (std::size_t at = 0; at < values.size(); ++at) values[at] *= t != &p.q && at % 64 >= 32 ? 3 : 1;
    t->assign(values);
  }
  p.scale = 0.125;
  return stored(std::move(p), oracle::kv_storage(contract));
}

void swap_scales(ggml::Array& array) {
  const std::size_t block = ggml::block_bytes(array.type);
  for (std::size_t at = 0; at < array.data.size(); at += 2 * block)
    std::swap_ranges(array.data.begin() + static_cast<std::ptrdiff_t>(at),
                     array.data.begin() + static_cast<std::ptrdiff_t>(at + 2),
                     array.data.begin() + static_cast<std::ptrdiff_t>(at + block));
}

// The library's answer to operands that `change` may have spoilt.
template <class Change>
Result answer(const Problem& p, Type type, const Change& change) {
  static const ggml::Library library = ggml::load_library(ggml::library_folder(), testing_ggml::best_cpu());
  Result result;
  InProcessKernel kernel(testing_ggml::kernel_of("f16").info(), [&](const attest_forward& problem) {
    auto operands = ggml::operands_of(problem, ggml::CacheTypes::both(type), library.api);
    if (!operands) return static_cast<int>(ATTEST_UNSUPPORTED);
    change(*operands);
    library.set_threads(library.backend, 1);
    const ggml::FlashAttention attention(library, *operands, ggml::Precision::standard, ggml::Canaries::none);
    ggml::store(attention.run(), operands->v.extents[0], *problem.out);
    return static_cast<int>(ATTEST_OK);
  });
  const RunOutcome outcome = kernel.run(p, {});
  EXPECT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
  return outcome.result;
}

TEST(GgmlBlocks, GiveBackTheValuesThatTheyHold) {
  for (const auto& [name, type] : kBlocked) {
    const Problem p = random_problem(1, contract_of(name));
    const std::vector<double> out = testing_ggml::kernel_of(name).run(p, {}).result.out.values();
    ASSERT_EQ(out.size(), 3 * 64U);
    for (std::size_t at = 0; at < out.size(); ++at)
      EXPECT_EQ(out[at], p.v.values()[at % 64]) << name << " " << at;
  }
}

TEST(GgmlBlocks, AScaleOfTheWrongBlockIsSeenInKeysAndInValues) {
  for (const auto& [name, type] : kBlocked) {
    const oracle::ContractSet contract = contract_of(name);
    const Problem p = random_problem(20, contract);
    const auto violated = [&](const auto& change) {
      return oracle::judge(p, answer(p, type, change), contract).violated();
    };
    EXPECT_FALSE(violated([](ggml::Operands&) {})) << name;
    EXPECT_TRUE(violated([](ggml::Operands& o) { swap_scales(o.k); })) << name;
    EXPECT_TRUE(violated([](ggml::Operands& o) { swap_scales(o.v); })) << name;
  }
}

// The fifth bits of q5_0 and q5_1 and the minimum of q4_1 and q5_1, left out.
TEST(GgmlBlocks, AMissingMinimumOrFifthBitIsSeen) {
  for (const auto& [name, type] : kBlocked) {
    const std::size_t block = ggml::block_bytes(type);
    const std::size_t numbers = type == Type::q8_0 ? 32 : 16;
    if (block == numbers + 2) continue;  // a scale and numbers are all
    const oracle::ContractSet contract = contract_of(name);
    const Problem p = random_problem(20, contract);
    const auto spoilt = [&](ggml::Array& array) {
      for (std::size_t at = 0; at < array.data.size(); at += block)
        std::memset(array.data.data() + at + 2, 0, block - numbers - 2);
    };
    EXPECT_TRUE(
        oracle::judge(p, answer(p, type, [&](ggml::Operands& o) { spoilt(o.k); }), contract).violated())
        << name;
    EXPECT_TRUE(
        oracle::judge(p, answer(p, type, [&](ggml::Operands& o) { spoilt(o.v); }), contract).violated())
        << name;
  }
}

}  // namespace
}  // namespace attest::kernel
