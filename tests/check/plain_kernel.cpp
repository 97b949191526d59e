#include "plain_kernel.hpp"

#include <algorithm>
#include <array>
#include <cfenv>
#include <cmath>
#include <cstdlib>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "attest/kernel.h"
#include "kernel/in_process/in_process.hpp"
#include "plain_scores.hpp"
#include "plain_view.hpp"

namespace attest::test {
namespace {

class Run : private PlainScores {
 public:
  Run(const attest_forward& f, Fault fault, int call, int threads)
      : PlainScores(f, fault),
        call_(call),
        threads_(threads),
        out_(f.out, false, {.packed = is(Fault::out_strides_ignored), .wraps = is(Fault::far_offsets_wrap)}),
        lse_(f.lse, false, {.packed = is(Fault::lse_strides_ignored)}) {}

  int all() {
    nan_in_q_ = is(Fault::nan_spreads) && q_.holds_nan();
    if (q_.dtype() == DType::f64 || dtype_of(*f_.k) == DType::f64) return ATTEST_UNSUPPORTED;
    if ((is(Fault::fails_without_batch) && q_.dim(0) == 0) ||
        (is(Fault::fails_without_rows) && q_.dim(2) == 0) ||
        (is(Fault::fails_without_keys) && k_.dim(2) == 0) || (is(Fault::fails_without_lse) && !lse_))
      return 7;
    if (is(Fault::fails_unaligned) && reinterpret_cast<std::uintptr_t>(q_.data()) % 64 != 0) return 7;
    for (Index b = 0; b < q_.dim(0); ++b) {
      for (Index h = 0; h < q_.dim(1); ++h) {
        bool after_empty = false;
        for (Index i = 0; i < q_.dim(2); ++i) after_empty = row(b, h, i, after_empty);
      }
    }
    return ATTEST_OK;
  }

 private:
  float weight(float s) const {
    if (is(Fault::exp_wraps) && m_ - s > 0x1p29F) return 1;
    if (!is(Fault::maximum_folded)) return std::exp(s - m_);
    constexpr float kLog2E = 1.44269504F;
    return std::exp2(std::fma(s, kLog2E, -(m_ * kLog2E)));
  }

  float value(Index b, Index g, Index j, Index c) const {
    const float v = v_.at({of_batch(b), g, j, c});
    return is(Fault::nan_values_skipped) && std::isnan(v) ? 0 : v;
  }

  // One tile: maximum, rescale, accumulate.
  void tile(const std::vector<float>& scores, const std::vector<Index>& at, Index b, Index g, bool lowered) {
    float highest = lowered ? -HUGE_VALF : m_;
    for (const float s : scores) highest = std::max(highest, s);
    if (highest == -HUGE_VALF) return;
    if (is(Fault::no_maximum)) highest = 0;
    float factor = std::exp(m_ - highest);
    if (is(Fault::rescale_clamped)) factor = std::max(factor, 1e-4F);
    l_ *= factor;
    for (float& x : acc_) x *= is(Fault::rescale_missing) ? 1 : factor;
    m_ = highest;
    for (std::size_t n = 0; n < scores.size(); ++n) {
      if (std::isnan(scores[n]) && (is(Fault::nan_scores_skipped) || loses_nan())) continue;
      const float p = weight(scores[n]);
      l_ += p;
      for (Index c = 0; c < v_.dim(3); ++c) acc_[static_cast<std::size_t>(c)] += p * value(b, g, at[n], c);
    }
  }

  bool loses_nan() const { return is(Fault::nan_lost_in_tiles) && q_.dim(2) >= 64; }

  float start_of_maximum(Index h) const {
    if (!sink_ || is(Fault::sink_ignored)) return -HUGE_VALF;
    const float s = sink_.at({is(Fault::sink_of_head_0) ? 0 : h});
    return is(Fault::sink_minus_infinity_is_0) && s == -HUGE_VALF ? 0 : s;
  }

  struct Tile {
    std::vector<float> scores;
    std::vector<Index> keys;
  };
  Tile tile_of(Index b, Index h, Index g, Index i, Index first) const {
    Tile tile;
    const Index pos = position(b, i);
    for (Index j = first; j < std::min(first + kTile, k_.dim(2)); ++j) {
      if (!sees(b, h, i, j, pos)) continue;
      tile.scores.push_back(score(b, h, g, i, j, pos));
      tile.keys.push_back(j);
    }
    return tile;
  }

  bool all_low(const Tile& tile, Index b, Index h, Index i) const {
    return bias_ && !tile.keys.empty() && std::all_of(tile.keys.begin(), tile.keys.end(), [&](Index j) {
             return score_term(bias_, b, h, i, j) < -5000;
           });
  }

  static float highest_of(const Tile& tile) {
    float highest = -HUGE_VALF;
    for (const float s : tile.scores) highest = std::max(highest, s);
    return highest;
  }

  // The neighbouring row meets a score that is more than 8 ahead of all that it has seen.
  bool neighbour_rescales(Index b, Index h, Index g, Index i, Index first, float& seen) const {
    const Index neighbour = i ^ 1;
    if (!is(Fault::reference_of_pair) || neighbour >= q_.dim(2)) return false;
    const float highest = highest_of(tile_of(b, h, g, neighbour, first));
    const bool rises = first > 0 && highest > seen + 8;
    seen = std::max(seen, highest);
    return rises;
  }

  bool row(Index b, Index h, Index i, bool after_empty) {
    const Index group = q_.dim(1) / k_.dim(1);
    Index head = is(Fault::thirty_two_heads) ? std::min<Index>(h, 31) : h;
    if (is(Fault::group_in_tiles_of_16) && group > 16) head = h / 16 * 16;
    const Index g = is(Fault::head_map) ? h % k_.dim(1) : head / group;
    m_ = start_of_maximum(h);
    l_ = m_ == -HUGE_VALF ? 0.0F : 1.0F;
    acc_.assign(static_cast<std::size_t>(v_.dim(3)), 0);
    bool any = false;
    float seen_by_neighbour = -HUGE_VALF;
    for (Index first = 0; first < k_.dim(2); first += kTile) {
      const Tile next = tile_of(b, h, g, i, first);
      if (is(Fault::stops_at_empty_tile) && next.keys.empty()) break;
      any = any || !next.keys.empty();
      const bool lowered = neighbour_rescales(b, h, g, i, first, seen_by_neighbour);
      tile(next.scores, next.keys, b, g, lowered);
      if (is(Fault::stops_at_low_tile) && all_low(next, b, h, i)) break;
    }
    finish(b, h, i, any, after_empty);
    return !any;
  }

  // 1, or a little more where the fault says so.
  float gain(Index b, Index i) const {
    const DType q = q_.dtype();
    const bool off =
        (is(Fault::off_in_f32) && q == DType::f32) || (is(Fault::off_in_f16) && q == DType::f16) ||
        (is(Fault::off_in_bf16) && q == DType::bf16) || (is(Fault::two_threads) && threads_ == 2) ||
        (is(Fault::garbage_from_call_5000) && call_ >= 5000) || (is(Fault::shared_inputs) && shared());
    if (is(Fault::rows_past_1024) && i >= 1024) return 0;
    if (is(Fault::fails_at_length_0) && kv_lens_ && keys(b) == 0) return NAN;
    if (nan_in_q_) return NAN;
    return off ? 1.01F : 1;
  }

  bool shared() const {
    const std::array<const void*, 8> inputs{q_.data(),    k_.data(),      v_.data(),    bias_.data(),
                                            mask_.data(), slopes_.data(), sink_.data(), kv_lens_.data()};
    for (std::size_t n = 0; n < inputs.size(); ++n) {
      if (inputs[n] != nullptr && std::count(inputs.begin(), inputs.end(), inputs[n]) > 1) return true;
    }
    return false;
  }

  void finish(Index b, Index h, Index i, bool any, bool after_empty) {
    if (is(Fault::denominator_biased)) l_ *= 1.0001F;
    for (Index c = 0; c < v_.dim(3); ++c) {
      float x = any || is(Fault::nan_on_empty) ? acc_[static_cast<std::size_t>(c)] / l_ : 0;
      if (is(Fault::last_bit)) x *= 1 + 0x1p-23F;
      if (is(Fault::keeps_state) && call_ % 3 == 2) x *= 1 + 0x1p-8F;
      if (is(Fault::poison_after_empty) && after_empty) x = NAN;
      x *= gain(b, i);
      if (is(Fault::reads_output)) x += 0 * out_.at({b, h, i, c});
      out_.set({b, h, i, c}, is(Fault::zeros) ? 0 : x);
    }
    if (lse_) lse_.set({b, h, i}, lse(h, any));
  }

  float lse(Index h, bool any) const {
    if (!any && is(Fault::lse_0_on_empty)) return 0;
    if (!any && is(Fault::sink_lost_on_empty)) return -HUGE_VALF;
    float sum = l_;
    const float start = start_of_maximum(h);
    if (is(Fault::lse_without_sink) && start != -HUGE_VALF) sum -= std::exp(start - m_);
    if (!(sum > 0)) return std::isnan(sum) ? sum : -HUGE_VALF;
    const float lse = m_ + std::log(sum);
    return is(Fault::lse_base2) ? lse / std::log(2.0F) : lse;
  }

  int call_;
  int threads_;
  View out_, lse_;
  bool nan_in_q_ = false;
  float m_ = 0, l_ = 0;
  std::vector<float> acc_;
};

// What a kernel kept of the first call with the same shapes.
class Memory {
 public:
  // The call with the kept lengths or scalars in place of its own, as the fault has it.
  int run(const attest_forward& f, Fault fault, int call, int threads) {
    if (fault != Fault::lengths_of_first_call && fault != Fault::scalars_of_first_call)
      return Run(f, fault, call, threads).all();
    Kept& kept = calls_.try_emplace(shapes_of(f), f).first->second;
    attest_forward changed = f;
    DLTensor lengths{};
    if (fault == Fault::scalars_of_first_call) {
      std::tie(changed.scale, changed.softcap, changed.window_left, changed.window_right, changed.causal) =
          kept.scalars;
    } else if (f.kv_lens != nullptr) {
      lengths = *f.kv_lens;
      lengths.data = kept.lengths.data();
      static constexpr Index kPacked = 1;
      lengths.strides = const_cast<Index*>(&kPacked);
      changed.kv_lens = &lengths;
    }
    return Run(changed, fault, call, threads).all();
  }

 private:
  struct Kept {
    explicit Kept(const attest_forward& f)
        : scalars(f.scale, f.softcap, f.window_left, f.window_right, f.causal) {
      const View view(f.kv_lens);
      for (Index b = 0; f.kv_lens != nullptr && b < f.kv_lens->shape[0]; ++b)
        lengths.push_back(static_cast<std::int32_t>(view.at({b})));
    }
    std::tuple<double, double, Index, Index, std::int32_t> scalars;
    std::vector<std::int32_t> lengths;
  };
  static std::vector<Index> shapes_of(const attest_forward& f) {
    std::vector<Index> shapes;
    for (const DLTensor* t : {f.q, f.k, f.v, f.bias, f.mask, f.alibi_slopes, f.sink, f.kv_lens}) {
      shapes.push_back(t == nullptr ? -1 : t->dtype.bits);
      if (t != nullptr) shapes.insert(shapes.end(), t->shape, t->shape + t->ndim);
    }
    return shapes;
  }
  std::map<std::vector<Index>, Kept> calls_;
};

}  // namespace

std::optional<Fault> fault_from_name(std::string_view name) {
#define FAULT(fault, sentence) \
  if (name == #fault) return Fault::fault;
  ATTEST_PLAIN_FAULTS(FAULT)
#undef FAULT
  return std::nullopt;
}

std::unique_ptr<kernel::Kernel> plain_kernel(Fault fault, const std::string& name) {
  kernel::KernelInfo info;
  info.name = name;
  const auto threads = std::make_shared<int>(0);
  return std::make_unique<kernel::InProcessKernel>(
      info,
      [fault, threads, call = 0, memory = Memory()](const attest_forward& f) mutable {
        const int status = memory.run(f, fault, call++, *threads);
        if (fault == Fault::mxcsr_left) std::fesetround(FE_UPWARD);
        return status;
      },
      [threads](int wanted) { *threads = wanted; });
}

}  // namespace attest::test
