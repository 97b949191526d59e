#include "plain_kernel.hpp"

#include <algorithm>
#include <cfenv>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "attest/kernel.h"
#include "kernel/in_process.hpp"
#include "problem/dtype.hpp"

namespace attest::test {
namespace {

using Index = std::int64_t;
constexpr Index kTile = 8;

DType dtype_of(const DLTensor& t) {
  if (t.dtype.code == kDLBfloat) return DType::bf16;
  if (t.dtype.code == kDLInt) return DType::i32;
  if (t.dtype.code == kDLUInt) return DType::u8;
  if (t.dtype.bits == 64) return DType::f64;
  return t.dtype.bits == 32 ? DType::f32 : DType::f16;
}

// Element by element, extents of 1 broadcast. What an input holds is decoded once.
class View {
 public:
  explicit View(const DLTensor* t, bool input = true)
      : t_(t), dtype_(t == nullptr ? DType::f32 : dtype_of(*t)) {
    if (t == nullptr || !input) return;
    Index elements = 1;
    for (int axis = 0; axis < t->ndim; ++axis) {
      elements += (t->shape[axis] - 1) * t->strides[axis];
      if (t->shape[axis] == 0) return;
    }
    // Elements that lie far apart are read where they are.
    constexpr Index kMostDecoded = 1 << 22;
    if (elements > kMostDecoded) return;
    values_.reserve(static_cast<std::size_t>(elements));
    for (Index i = 0; i < elements; ++i) values_.push_back(load(static_cast<std::size_t>(i)));
  }
  explicit operator bool() const { return t_ != nullptr; }
  Index dim(int axis) const { return t_->shape[axis]; }
  float at(std::initializer_list<Index> index) const {
    return values_.empty() ? load(offset(index)) : values_[offset(index)];
  }
  void set(std::initializer_list<Index> index, float x) const {
    encode(dtype_, x, static_cast<std::byte*>(t_->data) + offset(index) * size_of(dtype_));
  }
  DType dtype() const { return dtype_; }

 private:
  float load(std::size_t element) const {
    return static_cast<float>(
        decode(dtype_, static_cast<const std::byte*>(t_->data) + element * size_of(dtype_)));
  }
  std::size_t offset(std::initializer_list<Index> index) const {
    Index element = 0;
    int axis = 0;
    for (const Index i : index) {
      if (t_->shape[axis] != 1) element += i * t_->strides[axis];
      ++axis;
    }
    return static_cast<std::size_t>(element);
  }
  const DLTensor* t_;
  DType dtype_;
  std::vector<float> values_;
};

class Run {
 public:
  Run(const attest_forward& f, Fault fault, int call, int threads)
      : f_(f),
        fault_(fault),
        call_(call),
        threads_(threads),
        q_(f.q),
        k_(f.k),
        v_(f.v),
        out_(f.out, false),
        lse_(f.lse, false),
        bias_(f.bias),
        mask_(f.mask),
        slopes_(f.alibi_slopes),
        sink_(f.sink),
        kv_lens_(f.kv_lens) {}

  int all() {
    if (q_.dtype() == DType::f64 || k_.dtype() == DType::f64) return ATTEST_UNSUPPORTED;
    for (Index b = 0; b < q_.dim(0); ++b) {
      for (Index h = 0; h < q_.dim(1); ++h) {
        bool after_empty = false;
        for (Index i = 0; i < q_.dim(2); ++i) after_empty = row(b, h, i, after_empty);
      }
    }
    return ATTEST_OK;
  }

 private:
  bool is(Fault fault) const { return fault_ == fault; }

  bool keeps_masked() const { return is(Fault::masks_by_penalty) || is(Fault::small_penalty); }

  Index keys(Index b) const {
    const bool padded = kv_lens_ && !is(Fault::kv_lens_ignored);
    return padded ? static_cast<Index>(kv_lens_.at({b})) : k_.dim(2);
  }

  bool causal_sees(Index j, Index pos) const {
    const bool edge =
        is(Fault::one_key_too_far) || (is(Fault::one_key_too_far_at_tiles) && pos % kTile == kTile - 1);
    return f_.causal == ATTEST_CAUSAL_NONE || j <= pos + (edge ? 1 : 0);
  }

  bool sees(Index b, Index h, Index i, Index j, Index pos) const {
    const Index left = f_.window_left - (is(Fault::window_off_by_one) ? 1 : 0);
    if (is(Fault::key0_dropped) && j == 0) return false;
    if (j >= keys(b) || !causal_sees(j, pos)) return false;
    if (f_.window_left != -1 && j < pos - left) return false;
    if (f_.window_right != -1 && j > pos + f_.window_right) return false;
    if (mask_ && mask_.at({b, h, i, j}) == 0 && !keeps_masked()) return false;
    return !bias_ || bias_.at({b, h, i, j}) != -HUGE_VALF;
  }

  float score(Index b, Index h, Index g, Index i, Index j, Index pos) const {
    float dot = 0;
    for (Index c = 0; c < q_.dim(3); ++c) dot += q_.at({b, h, i, c}) * k_.at({b, g, j, c});
    auto s = static_cast<float>(f_.scale) * dot;
    if (is(Fault::scale_squared)) s *= static_cast<float>(f_.scale);
    if (f_.softcap != 0 && !is(Fault::softcap_ignored)) {
      s = static_cast<float>(f_.softcap) * std::tanh(s / static_cast<float>(f_.softcap));
    }
    if (bias_) s += bias_.at({b, h, i, j});
    if (slopes_) s -= slopes_.at({h}) * static_cast<float>(std::llabs(pos - j));
    if (keeps_masked() && mask_ && mask_.at({b, h, i, j}) == 0) s -= is(Fault::small_penalty) ? 40 : 1e4F;
    return is(Fault::mean_of_values) ? 0 : s;
  }

  // One tile: maximum, rescale, accumulate.
  void tile(const std::vector<float>& scores, const std::vector<Index>& at, Index b, Index g) {
    float highest = m_;
    for (const float s : scores) highest = std::max(highest, s);
    if (highest == -HUGE_VALF) return;
    if (is(Fault::no_maximum)) highest = 0;
    float factor = std::exp(m_ - highest);
    if (is(Fault::rescale_clamped)) factor = std::max(factor, 1e-4F);
    l_ *= factor;
    if (!is(Fault::rescale_missing)) {
      for (float& x : acc_) x *= factor;
    }
    m_ = highest;
    for (std::size_t n = 0; n < scores.size(); ++n) {
      const float p = std::exp(scores[n] - m_);
      l_ += p;
      for (Index c = 0; c < v_.dim(3); ++c) acc_[static_cast<std::size_t>(c)] += p * v_.at({b, g, at[n], c});
    }
  }

  bool row(Index b, Index h, Index i, bool after_empty) {
    const Index group = q_.dim(1) / k_.dim(1);
    const Index g = is(Fault::head_map) ? h % k_.dim(1) : h / group;
    const Index pos = f_.causal == ATTEST_CAUSAL_TOP_LEFT ? i : i + keys(b) - q_.dim(2);
    m_ = sink_ ? sink_.at({h}) : -HUGE_VALF;
    l_ = m_ == -HUGE_VALF ? 0.0F : 1.0F;
    acc_.assign(static_cast<std::size_t>(v_.dim(3)), 0);
    bool any = false;
    for (Index first = 0; first < k_.dim(2); first += kTile) {
      std::vector<float> scores;
      std::vector<Index> at;
      for (Index j = first; j < std::min(first + kTile, k_.dim(2)); ++j) {
        if (!sees(b, h, i, j, pos)) continue;
        scores.push_back(score(b, h, g, i, j, pos));
        at.push_back(j);
      }
      any = any || !at.empty();
      tile(scores, at, b, g);
    }
    finish(b, h, i, any, after_empty);
    return !any;
  }

  void finish(Index b, Index h, Index i, bool any, bool after_empty) {
    if (is(Fault::denominator_biased)) l_ *= 1.0001F;
    for (Index c = 0; c < v_.dim(3); ++c) {
      float x = any || is(Fault::nan_on_empty) ? acc_[static_cast<std::size_t>(c)] / l_ : 0;
      if (is(Fault::last_bit)) x *= 1 + 0x1p-23F;
      if (is(Fault::keeps_state) && call_ % 3 == 2) x *= 1 + 0x1p-8F;
      if (is(Fault::poison_after_empty) && after_empty) x = NAN;
      if (is(Fault::two_threads) && threads_ == 2) x *= 1.01F;
      if (is(Fault::reads_output)) x += 0 * out_.at({b, h, i, c});
      out_.set({b, h, i, c}, is(Fault::zeros) ? 0 : x);
    }
    if (!lse_) return;
    const float lse = l_ == 0 ? -HUGE_VALF : m_ + std::log(l_);
    lse_.set({b, h, i}, is(Fault::lse_base2) ? lse / std::log(2.0F) : lse);
  }

  const attest_forward& f_;
  Fault fault_;
  int call_;
  int threads_;
  View q_, k_, v_, out_, lse_, bias_, mask_, slopes_, sink_, kv_lens_;
  float m_ = 0, l_ = 0;
  std::vector<float> acc_;
};

}  // namespace

std::unique_ptr<Kernel> plain_kernel(Fault fault, const std::string& name) {
  KernelInfo info;
  info.name = name;
  const auto threads = std::make_shared<int>(0);
  return std::make_unique<InProcessKernel>(
      info,
      [fault, threads, call = 0](const attest_forward& f) mutable {
        const int status = Run(f, fault, call++, *threads).all();
        if (fault == Fault::mxcsr_left) std::fesetround(FE_UPWARD);
        return status;
      },
      [threads](int wanted) { *threads = wanted; });
}

}  // namespace attest::test
