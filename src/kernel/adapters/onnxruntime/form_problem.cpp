// Problems for the forms of ai.onnx Attention.
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "kernel/adapters/onnxruntime/form_call.hpp"

namespace attest::kernel::onnxruntime {
namespace {

constexpr int kModeRaw = 0, kModeMasked = 2, kModeSoftmax = 3;

struct Extents {
  std::int64_t batch = 1, q_heads = 1, kv_heads = 1, q_len = 1, kv_len = 1, qk_dim = 1, v_dim = 1;
};

DType dtype_of(Element element) {
  switch (element) {
    case Element::f16:
      return DType::f16;
    case Element::bf16:
      return DType::bf16;
    case Element::f64:
      return DType::f64;
    default:
      return DType::f32;
  }
}

Extents draw_extents(const AttentionForm& form, Draw& draw) {
  Extents e;
  e.batch = returns_scores(form) ? 1 : draw.between(1, 2);
  e.kv_heads = draw.between(1, 2);
  e.q_heads = e.kv_heads * draw.between(1, 2);
  const bool several_rows = form.past == Past::fewer || form.mask_extents == MaskExtents::one_row;
  e.q_len = draw.between(several_rows ? 2 : 1, 5);
  e.kv_len = draw.between(form.mask_extents == MaskExtents::fewer_keys ? 3 : 2, 9);
  if (form.past == Past::as_many) e.kv_len = e.q_len + draw.between(1, 5);
  if (form.past == Past::more) e.kv_len = e.q_len + draw.between(2, 6);
  if (form.past == Past::fewer) e.kv_len = std::max<std::int64_t>(1, e.q_len / 2) + draw.between(1, 5);
  // Scales of f64 have to be squares of floats.
  e.qk_dim = form.element == Element::f64 ? draw.pick({1, 16}) : draw.between(1, 20);
  e.v_dim = form.scores == kModeSoftmax ? e.kv_len : draw.between(1, 20);
  return e;
}

void fill(Tensor& tensor, Draw& draw) {
  std::vector<double> values(static_cast<std::size_t>(tensor.count()));
  for (double& value : values) value = draw.normal();
  tensor.assign(values);
}

// Attention over unit vectors returns the softmax.
void fill_unit_vectors(Tensor& v) {
  for (std::int64_t b = 0; b < v.dim(0); ++b) {
    for (std::int64_t h = 0; h < v.dim(1); ++h) {
      for (std::int64_t j = 0; j < v.dim(2); ++j) v.set({b, h, j, j}, 1);
    }
  }
}

// The mask or bias that attn_mask holds: of each row and key that the operator's own rule leaves to it, so
// that every row of them sees a key. Keys from `end` on are hidden.
class DrawnMask {
 public:
  DrawnMask(const AttentionForm& form, const Extents& e, std::int64_t end, Draw& draw)
      : rows_(form.mask_rank == 1 || form.mask_extents == MaskExtents::one_row ? 1 : e.q_len),
        heads_(form.mask_rank < 3 || draw.chance(0.4) ? 1 : e.q_heads),
        batches_(form.mask_rank < 4 || draw.chance(0.4) ? 1 : e.batch),
        end_(end) {}

  std::vector<std::int64_t> shape(std::int64_t keys) const { return {batches_, heads_, rows_, keys}; }
  std::int64_t rows() const { return rows_; }

  // Row 0's first key is always seen, as causality and lengths leave it to most rows.
  bool sees(std::int64_t j, Draw& draw) const { return j < end_ && (j == 0 || draw.chance(0.75)); }

 private:
  std::int64_t rows_, heads_, batches_, end_;
};

template <class Value>
Tensor score_tensor(DType dtype, const std::vector<std::int64_t>& shape, const Value& value) {
  Tensor made(dtype, shape);
  std::vector<double> values;
  for (std::int64_t row = 0; row < shape[0] * shape[1] * shape[2]; ++row) {
    for (std::int64_t j = 0; j < shape[3]; ++j) values.push_back(value(j));
  }
  made.assign(values);
  return made;
}

// Quarters, which every element type holds.
double draw_bias(Draw& draw) { return static_cast<double>(draw.between(-8, 8)) / 4; }

void add_mask(const AttentionForm& form, const Extents& e, std::int64_t end, Draw& draw, Problem& p) {
  const DrawnMask mask(form, e, end, draw);
  if (form.mask == MaskKind::boolean)
    p.mask = score_tensor(DType::u8, mask.shape(e.kv_len),
                          [&](std::int64_t j) { return mask.sees(j, draw) ? 1.0 : 0.0; });
  else
    p.bias = score_tensor(DType::f32, mask.shape(e.kv_len),
                          [&](std::int64_t j) { return mask.sees(j, draw) ? draw_bias(draw) : -HUGE_VAL; });
}

// What the operator's own rule hides, as the ABI says it where it can, else in the mask.
void add_own_rule(const AttentionForm& form, const OwnRule& own, const Extents& e, Problem& p) {
  if (form.lengths) {
    p.kv_lens = Tensor(DType::i32, {e.batch});
    for (std::int64_t b = 0; b < e.batch; ++b)
      p.kv_lens->set({b}, static_cast<double>(own.lens[static_cast<std::size_t>(b)]));
  }
  if (!form.causal && !form.window) return;
  const bool plain = !form.window && (form.past == Past::none || form.past == Past::as_many);
  if (plain) {
    p.causal = form.past == Past::none && !form.lengths ? Causal::top_left : Causal::bottom_right;
    return;
  }
  const std::vector<std::int64_t> drawn = p.mask ? p.mask->shape() : std::vector<std::int64_t>{1, 1, 1, 1};
  Tensor both(DType::u8, {drawn[0], drawn[1], e.q_len, e.kv_len});
  for (std::int64_t b = 0; b < both.dim(0); ++b) {
    for (std::int64_t h = 0; h < both.dim(1); ++h) {
      for (std::int64_t i = 0; i < e.q_len; ++i) {
        for (std::int64_t j = 0; j < e.kv_len; ++j) {
          const bool seen = own.sees(b, i, j) && (!p.mask || p.mask->at({b, h, i, j}) != 0);
          both.set({b, h, i, j}, seen ? 1 : 0);
        }
      }
    }
  }
  p.mask = std::move(both);
}

Tensor repeated(const Tensor& q, std::int64_t times) {
  Tensor made(q.dtype(), {times, q.dim(1), q.dim(2), q.dim(3)});
  const std::vector<double> one = q.values();
  std::vector<double> all;
  for (std::int64_t t = 0; t < times; ++t) all.insert(all.end(), one.begin(), one.end());
  made.assign(all);
  return made;
}

// [1, heads, keys, dim] as [keys, heads, 1, dim].
Tensor key_in_each_batch(const Tensor& t) {
  Tensor made(t.dtype(), {t.dim(2), t.dim(1), 1, t.dim(3)});
  for (std::int64_t j = 0; j < t.dim(2); ++j) {
    for (std::int64_t h = 0; h < t.dim(1); ++h) {
      for (std::int64_t c = 0; c < t.dim(3); ++c) made.set({j, h, 0, c}, t.at({0, h, j, c}));
    }
  }
  return made;
}

// [1, heads, rows, keys] as [keys, heads, rows, 1].
Tensor score_in_each_batch(const Tensor& t) {
  Tensor made(t.dtype(), {t.dim(3), t.dim(1), t.dim(2), 1});
  for (std::int64_t j = 0; j < t.dim(3); ++j) {
    for (std::int64_t h = 0; h < t.dim(1); ++h) {
      for (std::int64_t i = 0; i < t.dim(2); ++i) made.set({j, h, i, 0}, t.at({0, h, i, j}));
    }
  }
  return made;
}

// The own rule belongs to the mask, as a batch has but one key.
void hide_by_mask(const OwnRule& own, const Extents& e, Problem& p) {
  const std::int64_t heads = p.mask ? p.mask->dim(1) : 1;
  Tensor both(DType::u8, {1, heads, e.q_len, e.kv_len});
  bool hides = p.mask.has_value();
  for (std::int64_t h = 0; h < heads; ++h) {
    for (std::int64_t i = 0; i < e.q_len; ++i) {
      for (std::int64_t j = 0; j < e.kv_len; ++j) {
        const bool own_sees = own.sees(0, i, j);
        hides = hides || !own_sees;
        both.set({0, h, i, j}, own_sees && (!p.mask || p.mask->at({0, h, i, j}) != 0) ? 1 : 0);
      }
    }
  }
  if (hides) p.mask = std::move(both);
}

void spread_keys_over_batches(Problem& p) {
  p.q = repeated(p.q, p.kv_len());
  p.k = key_in_each_batch(p.k);
  p.v = key_in_each_batch(p.v);
  if (p.mask) p.mask = score_in_each_batch(*p.mask);
  if (p.bias) p.bias = score_in_each_batch(*p.bias);
}

std::vector<std::int64_t> draw_lengths(const AttentionForm& form, const Extents& e, Draw& draw) {
  std::vector<std::int64_t> lens(static_cast<std::size_t>(e.batch), e.kv_len);
  // A row before the first key sees none, of which the function body of f64 makes NaN.
  const std::int64_t least = form.element == Element::f64 ? std::min(e.q_len, e.kv_len) : 1;
  for (std::int64_t& n : lens) {
    if (form.lengths) n = draw.between(least, e.kv_len);
    if (form.window) n = lens.front();  // a mask of lower rank than 4 says it for all batches
  }
  return lens;
}

}  // namespace

Problem draw_problem(const AttentionForm& form, Draw& draw) {
  const Extents e = draw_extents(form, draw);
  Problem p;
  const DType dtype = dtype_of(form.element);
  p.q = Tensor(dtype, {e.batch, e.q_heads, e.q_len, e.qk_dim});
  p.k = Tensor(dtype, {e.batch, e.kv_heads, e.kv_len, e.qk_dim});
  p.v = Tensor(dtype, {e.batch, e.kv_heads, e.kv_len, e.v_dim});
  fill(p.q, draw);
  fill(p.k, draw);
  if (form.scores == kModeSoftmax)
    fill_unit_vectors(p.v);
  else
    fill(p.v, draw);
  p.scale = form.scale ? draw.pick({0.0625, 0.25, 1.0}) : 1.0F / std::sqrt(static_cast<float>(e.qk_dim));
  if (form.softcap && form.scores != kModeRaw) p.softcap = draw.pick({0.5, 2.0, 30.0});
  p.want_lse = returns_scores(form);

  const OwnRule own = own_rule(form, e.q_len, e.kv_len, draw_lengths(form, e, draw));
  const std::int64_t end = form.mask_extents == MaskExtents::fewer_keys ? e.kv_len - 1 : e.kv_len;
  const bool mask_counts = !returns_scores(form) || form.scores == kModeMasked;
  if (form.mask != MaskKind::none && mask_counts) add_mask(form, e, end, draw, p);
  if (!returns_scores(form)) {
    add_own_rule(form, own, e, p);
    return p;
  }
  if (mask_counts) hide_by_mask(own, e, p);
  spread_keys_over_batches(p);
  return p;
}

}  // namespace attest::kernel::onnxruntime
