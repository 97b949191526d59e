#include "check/explore/ladder.hpp"

#include <algorithm>
#include <array>

namespace attest::check {
namespace {

struct Dims {
  std::int64_t qk, v;
  int unusual;
};
constexpr std::array<Dims, 10> kDims{{{64, 64, 0},
                                      {128, 128, 0},
                                      {16, 16, 1},
                                      {32, 32, 1},
                                      {96, 96, 2},
                                      {80, 80, 2},
                                      {256, 256, 2},
                                      {192, 128, 2},
                                      {576, 512, 2},
                                      {1, 1, 2}}};

// Multiples of what most tiles are; single queries against a cache.
struct LengthPair {
  std::int64_t q, kv;
  int unusual;
};
constexpr std::array<LengthPair, 8> kLengths{{{64, 64, 0},
                                              {1, 64, 0},
                                              {128, 128, 1},
                                              {1, 128, 1},
                                              {256, 256, 1},
                                              {16, 16, 1},
                                              {1, 1, 1},
                                              {64, 128, 2}}};

struct Heads {
  std::int64_t q, kv;
  int unusual;
};
constexpr std::array<Heads, 3> kHeads{{{1, 1, 0}, {4, 1, 1}, {2, 2, 2}}};

struct Option {
  Feature feature;
  int unusual;
};
constexpr std::array<Option, 4> kAlso{
    {{Feature::kv_lens, 1}, {Feature::lse, 1}, {Feature::mask, 2}, {Feature::scale, 2}}};

int unusual(const DTypePair& dtypes) {
  if (dtypes.first == DType::f64 || dtypes.second == DType::f64) return dtypes.first == dtypes.second ? 1 : 3;
  if (dtypes.first == dtypes.second) return 0;
  return dtypes.first == DType::f32 ? 1 : 2;
}

struct Rung {
  Outline outline;
  int unusual;
};

void add_options(const Rung& rung, int most, std::vector<Rung>& rungs) {
  constexpr std::array<int, 3> kCausal{0, 0, 1};  // none, bottom-right, top-left
  for (std::size_t causal = 0; causal < kCausal.size(); ++causal) {
    Rung with_causal = rung;
    with_causal.outline.options.add(Feature::causal_bottom_right, causal == 1);
    with_causal.outline.options.add(Feature::causal_top_left, causal == 2);
    with_causal.unusual += kCausal[causal];
    for (std::size_t subset = 0; subset < (1U << kAlso.size()); ++subset) {
      Rung made = with_causal;
      for (std::size_t i = 0; i < kAlso.size(); ++i) {
        if ((subset >> i & 1U) == 0) continue;
        made.outline.options.add(kAlso[i].feature);
        made.unusual += kAlso[i].unusual;
      }
      if (made.unusual <= most) rungs.push_back(made);
    }
  }
}

}  // namespace

std::vector<Outline> ladder(int most_unusual, const DTypePair* only) {
  std::vector<Rung> rungs;
  for (const DTypePair& dtypes : all_dtypes()) {
    if (only != nullptr && dtypes != *only) continue;
    for (const LengthPair& lengths : kLengths) {
      for (const Dims& dims : kDims) {
        for (const Heads& heads : kHeads) {
          Rung rung;
          rung.outline.shape = {1, heads.q, heads.kv, lengths.q, lengths.kv, dims.qk, dims.v};
          rung.outline.dtypes = dtypes;
          rung.unusual = lengths.unusual + dims.unusual + heads.unusual;
          if (only == nullptr) rung.unusual += unusual(dtypes);
          if (rung.unusual <= most_unusual) add_options(rung, most_unusual, rungs);
        }
      }
    }
  }
  std::stable_sort(rungs.begin(), rungs.end(),
                   [](const Rung& a, const Rung& b) { return a.unusual < b.unusual; });
  std::vector<Outline> outlines;
  for (const Rung& rung : rungs) outlines.push_back(rung.outline);
  return outlines;
}

}  // namespace attest::check
