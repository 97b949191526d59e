// Layouts that kernel.h promises, each with the kernel that misreads it.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "problems.hpp"

namespace attest::kernel {

inline constexpr std::int64_t kGiga = std::int64_t{1} << 30;

inline Problem square_problem(DType dtype = DType::f32) {
  return testing_kernels::make_problem(dtype,
                                       {.batch = 2, .q_heads = 2, .kv_heads = 2, .q_len = 5, .kv_len = 5});
}

inline Problem masked(Problem p) {
  p.causal = Causal::none;
  p.mask = Tensor(DType::u8, {2, 2, 5, 5});
  std::vector<double> bits;
  for (int i = 0; i < 100; ++i) bits.push_back(i % 3 == 1 || i % 5 == 0 ? 1 : 0);
  p.mask->assign(bits);
  return p;
}

struct Layout {
  const char* title;
  std::function<Problem()> make;
  const char* faulty;  ///< the kernel of tests/kernels/layouts.cpp that misreads it
};

inline std::vector<Layout> layouts_of_masks() {
  return {
      {"MaskOfPermutedAxes",
       [] {
         Problem p = masked(square_problem());
         p.mask = p.mask->with_strides({50, 25, 1, 5});
         return p;
       },
       "mask_packed"},
      {"MaskRepeatedAlongKeys",
       [] {
         Problem p = square_problem();
         p.mask = Tensor(DType::u8, {2, 2, 5, 5}, {10, 5, 1, 0});
         std::vector<double> bits;
         for (int i = 0; i < 100; ++i) bits.push_back(i / 5 % 3 == 0 ? 0 : 1);
         p.mask->assign(bits);
         return p;
       },
       "mask_packed"},
      {"LengthsApart",
       [] {
         Problem p = square_problem();
         p.kv_lens = Tensor(DType::i32, {2}, {3});
         p.kv_lens->assign({2, 4});
         return p;
       },
       "kv_lens_packed"},
  };
}

inline std::vector<Layout> layouts_of_outputs() {
  return {
      {"OutWithRowsBeforeHeads",
       [] {
         Problem p = square_problem();
         p.out_strides = {40, 4, 8, 1};
         return p;
       },
       "out_packed"},
      {"OutWithGaps",
       [] {
         Problem p = square_problem();
         p.out_strides = {100, 40, 7, 1};
         return p;
       },
       "writes_gaps"},
      {"OutWithElementsApart",
       [] {
         Problem p = square_problem();
         p.out_strides = {80, 40, 8, 2};
         return p;
       },
       "out_packed"},
      {"LseWithRowsOutermost",
       [] {
         Problem p = square_problem();
         p.lse_strides = {2, 1, 9};
         return p;
       },
       "lse_packed"},
  };
}

inline std::vector<Layout> layouts_of_keys() {
  return {
      {"KeysOfPermutedAxes",
       [] {
         Problem p = square_problem();
         p.k = p.k.with_strides({40, 1, 2, 10});
         return p;
       },
       "keys_packed"},
      {"KeysWithGaps",
       [] {
         Problem p = square_problem();
         p.k = p.k.with_strides({80, 40, 7, 1});
         return p;
       },
       "reads_gaps"},
      {"KeysAndValuesAtOneAddress",
       [] {
         Problem p = square_problem();
         p.v = p.k;
         p.k_is_v = true;
         return p;
       },
       "converts_by_address"},
  };
}

// Offsets with 2^32 in them come back to 0 in 32 bits.
inline std::vector<Layout> far_layouts() {
  return {
      {"KeysPast4GigaElements",
       [] {
         Problem p = square_problem();
         p.k = p.k.spread_to({20, 40, kGiga, 1});
         return p;
       },
       "keys_by_32_bits"},
      {"BatchPast4GigaElements",
       [] {
         Problem p = square_problem(DType::f16);
         p.k = p.k.spread_to({4 * kGiga, 20, 4, 1});
         return p;
       },
       "keys_by_32_bits"},
      {"MaskPast4GigaElements",
       [] {
         Problem p = masked(square_problem());
         p.mask = p.mask->spread_to({50, 25, 5, kGiga});
         return p;
       },
       "mask_by_32_bits"},
      {"OutPast4GigaElements",
       [] {
         Problem p = square_problem();
         p.out_strides = {40, 20, kGiga, 1};
         return p;
       },
       "out_by_32_bits"},
  };
}

inline const std::vector<Layout>& layouts() {
  static const std::vector<Layout> kLayouts = [] {
    std::vector<Layout> all = layouts_of_masks();
    for (const auto& more : {layouts_of_outputs(), layouts_of_keys(), far_layouts()})
      all.insert(all.end(), more.begin(), more.end());
    return all;
  }();
  return kLayouts;
}

}  // namespace attest::kernel
