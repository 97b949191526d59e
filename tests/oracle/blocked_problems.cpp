#include "blocked_problems.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace attest::oracle {
namespace {

class Draw {
 public:
  Draw(std::mt19937_64& random, Inputs inputs) : random_(random), inputs_(inputs) {}

  std::int64_t among(std::initializer_list<std::int64_t> values) {
    return values.begin()[random_() % values.size()];
  }
  bool chance(unsigned one_in) { return random_() % one_in == 0; }
  double normal() { return normal_(random_); }

  double component() {
    switch (inputs_) {
      case Inputs::heavy_tails:
        return normal() * std::pow(10.0, 3 * normal());
      case Inputs::tiny:
        return normal() * 1e-39;
      case Inputs::bit_patterns:
        return pattern();
      default:
        return normal();
    }
  }

  double value() { return inputs_ == Inputs::near_identical ? 1000 + 1e-6 * normal() : component(); }

  double pattern() {
    constexpr std::array<double, 10> kSizes{0,       0x1p-149, 0x1.8p-140, 0x1p-126, 0x1.8p-24,
                                            0x1p-14, 0x1.fp-3, 1,          0x1p4,    0x1.4p6};
    const double size = kSizes[random_() % kSizes.size()];
    return chance(2) ? size : -size;
  }

  DType dtype() {
    switch (among({0, 1, 2})) {
      case 0:
        return DType::f16;
      case 1:
        return DType::bf16;
      default:
        return DType::f32;
    }
  }

  // [batch, heads, length, dim] in row-major order, with heads inside of length, or with gaps between rows.
  Tensor tensor(DType dtype, std::int64_t b, std::int64_t h, std::int64_t n, std::int64_t d) {
    switch (among({0, 1, 2, 3})) {
      case 0:
        return Tensor(dtype, {b, h, n, d}, {h * n * d, d, h * d, 1});
      case 1:
        return Tensor(dtype, {b, h, n, d}, {h * n * 2 * d, n * 2 * d, 2 * d, 2});
      case 2:
        return Tensor(dtype, {b, h, n, d}, {h * d * n, d * n, 1, n});
      default:
        return Tensor(dtype, {b, h, n, d});
    }
  }

  // [b|1, h|1, n|1, keys]
  Tensor score_tensor(DType dtype, const Problem& p) {
    const auto broadcast = [this](std::int64_t extent) { return chance(3) ? 1 : extent; };
    return Tensor(dtype, {broadcast(p.batch()), broadcast(p.q_heads()), broadcast(p.q_len()), p.kv_len()});
  }

 private:
  std::mt19937_64& random_;
  Inputs inputs_;
  std::normal_distribution<double> normal_;
};

template <class F>
void fill(Tensor& tensor, F next) {
  std::vector<double> values(static_cast<std::size_t>(tensor.count()));
  for (double& x : values) x = next();
  tensor.assign(values);
}

void add_masks(Draw& draw, Problem& p) {
  switch (draw.among({0, 1, 2})) {
    case 0:
      p.causal = Causal::top_left;
      break;
    case 1:
      p.causal = Causal::bottom_right;
      break;
    default:
      break;
  }
  if (draw.chance(4)) p.window_left = draw.among({0, 7, 100});
  if (draw.chance(4)) p.window_right = draw.among({0, 30});
  if (draw.chance(4)) {
    p.mask = draw.score_tensor(DType::u8, p);
    fill(*p.mask, [&] { return draw.chance(3) ? 0.0 : 1.0; });
  }
  if (draw.chance(4)) {
    p.kv_lens = Tensor(DType::i32, {p.batch()});
    fill(*p.kv_lens, [&] { return static_cast<double>(draw.among({0, 1, 63, p.kv_len()})); });
  }
}

void add_terms(Draw& draw, Problem& p) {
  if (draw.chance(3)) {
    p.bias = draw.score_tensor(DType::f32, p);
    fill(*p.bias, [&] { return draw.chance(8) ? -HUGE_VAL : 2 * draw.normal(); });
  }
  if (draw.chance(3)) {
    p.alibi_slopes = Tensor(DType::f32, {p.q_heads()});
    fill(*p.alibi_slopes, [&] { return 0.2 * draw.normal(); });
  }
  if (draw.chance(3)) {
    p.sink = Tensor(DType::f32, {p.q_heads()});
    fill(*p.sink, [&] { return draw.chance(4) ? -HUGE_VAL : 3 * draw.normal(); });
  }
}

double largest_of(DType dtype) { return format_of(dtype).max_finite(); }

// Scores are key[0] * query[0] * scale: every key's first component says what its score is.
template <class F>
void set_scores(Problem& p, double query, F score) {
  fill(p.q, [] { return 0.0; });
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t h = 0; h < p.q_heads(); ++h) {
      for (std::int64_t i = 0; i < p.q_len(); ++i) p.q.set({b, h, i, 0}, query);
    }
    for (std::int64_t h = 0; h < p.kv_heads(); ++h) {
      for (std::int64_t j = 0; j < p.kv_len(); ++j) p.k.set({b, h, j, 0}, score(j));
    }
  }
  p.scale = 1;
}

void repeat_keys(Draw& draw, Problem& p) {
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t h = 0; h < p.kv_heads(); ++h) {
      for (std::int64_t j = 3; j < p.kv_len(); ++j) {
        const std::int64_t from = draw.among({0, 1, 2});
        for (std::int64_t c = 0; c < p.qk_dim(); ++c) p.k.set({b, h, j, c}, p.k.at({b, h, from, c}));
      }
    }
  }
}

void make_hard(Draw& draw, Problem& p, Inputs inputs) {
  const auto n = static_cast<double>(p.kv_len());
  switch (inputs) {
    case Inputs::spread:
      p.scale =
          static_cast<double>(draw.among({0, 1, 4, 16, 64})) / std::sqrt(static_cast<double>(p.qk_dim()));
      break;
    case Inputs::ramp: {
      const std::int64_t kind = draw.among({0, 1, 2});
      set_scores(p, 1, [&](std::int64_t j) {
        const double at = 40 * static_cast<double>(j) / n;
        return kind == 0 ? at : kind == 1 ? -at : j % 96 == 95 ? at : 0;
      });
      break;
    }
    case Inputs::very_negative:
      set_scores(p, 250, [&](std::int64_t) { return -400 - draw.normal(); });
      break;
    case Inputs::near_overflow: {
      const double root = std::sqrt(std::min(largest_of(p.q.dtype()), largest_of(p.k.dtype()))) / 16;
      fill(p.q, [&] { return root * draw.normal(); });
      fill(p.k, [&] { return root * draw.normal(); });
      p.scale = draw.chance(2) ? 1 : 1 / (root * root);
      break;
    }
    case Inputs::huge_values: {
      const double top = largest_of(p.v.dtype()) / (4 * n);
      fill(p.v, [&] { return std::clamp(draw.normal(), -1.0, 1.0) * top; });
      break;
    }
    case Inputs::ties:
      repeat_keys(draw, p);
      break;
    case Inputs::leading_mask:
      if (p.causal == Causal::top_left) p.causal = Causal::none;  // or no row sees anything
      p.kv_lens.reset();
      p.mask = Tensor(DType::u8, {1, 1, 1, p.kv_len()});
      for (std::int64_t j = 0; j < p.kv_len(); ++j) p.mask->set({0, 0, 0, j}, j < 100 ? 0 : 1);
      break;
    default:
      break;
  }
}

}  // namespace

Problem random_problem(std::mt19937_64& random, Inputs inputs) {
  Draw draw(random, inputs);
  Problem p;
  const std::int64_t batch = draw.among({1, 2});
  const std::int64_t kv_heads = draw.among({1, 2});
  const bool is_long = inputs == Inputs::long_rows;
  const std::int64_t q_len = is_long ? draw.among({2, 12}) : draw.among({24, 31, 80});
  const std::int64_t kv_len = is_long ? draw.among({2049, 6000}) : draw.among({171, 192, 320});
  const std::int64_t d = is_long ? draw.among({1, 4}) : draw.among({1, 3, 16, 64});
  const DType q = draw.dtype();
  const DType kv = draw.chance(4) ? DType::f64 : q;
  p.q = draw.tensor(q, batch, kv_heads * draw.among({1, 3}), q_len, d);
  p.k = draw.tensor(kv, batch, kv_heads, kv_len, d);
  p.v = draw.tensor(kv, batch, kv_heads, kv_len, is_long ? 2 : draw.among({1, 5, 16, 40}));
  fill(p.q, [&] { return draw.component(); });
  fill(p.k, [&] { return draw.component(); });
  fill(p.v, [&] { return draw.value(); });
  p.scale = (inputs == Inputs::peaked ? 60 : draw.chance(5) ? -1 : 1) / std::sqrt(static_cast<double>(d));
  if (draw.chance(12)) p.scale = 0;
  if (draw.chance(4)) p.softcap = draw.chance(2) ? 2.5 : 30;
  add_masks(draw, p);
  add_terms(draw, p);
  make_hard(draw, p, inputs);
  return p;
}

Problem in_f64(Problem problem, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  for (Tensor* t : {&problem.q, &problem.k, &problem.v}) {
    std::vector<double> values = t->values();
    for (double& x : values) x *= 1 + 1e-9 * normal(random);
    *t = Tensor(DType::f64, t->shape());
    t->assign(values);
  }
  return problem;
}

Problem without_terms(Problem problem) {
  problem.softcap = 0;
  problem.bias.reset();
  problem.alibi_slopes.reset();
  return problem;
}

RowBound loosest(const ContractSet& contract, const Row& row, const RowFacts& facts, const Problem& p) {
  RowBound all = bound_of(contract.alternatives.front(), row, facts, p.q.dtype(), p.lse_dtype());
  for (const Contract& c : contract.alternatives) {
    const RowBound one = bound_of(c, row, facts, p.q.dtype(), p.lse_dtype());
    for (std::size_t i = 0; i < one.out.size(); ++i) {
      all.out[i] = std::fmax(all.out[i], one.out[i]);
      all.in_range[i] = all.in_range[i] && one.in_range[i];
      all.hull[i] = std::fmax(all.hull[i], one.hull[i]);
    }
    all.lse_hull = std::fmax(all.lse_hull, one.lse_hull);
    all.lse = std::fmax(all.lse, one.lse);
    all.scores_in_range = all.scores_in_range && one.scores_in_range;
    all.lse_in_range = all.lse_in_range && one.lse_in_range;
  }
  return all;
}

std::vector<std::string> contracts_for_bounds() {
  return {"",
          "f32",
          "flash-bf16|unfused-bf16|flash-f16|unfused-f16|f32",
          "f32;accumulate_numerator.order=tree;accumulate_denominator.order=tree;key_block=64",
          "f32;accumulate_score.order=block-fma:4;accumulate_numerator.order=block-fma:4",
          "f32;accumulate_numerator.rounding=toward-zero",
          "f32;accumulate_numerator=f16;accumulate_denominator=f16",
          "f32;accumulate_score=f16",
          "f32;accumulate_score=f16;underflow=flush-inputs",
          "f32;underflow=flush-inputs",
          "f32;score.product=f16",
          "f32;score.scaled=bf16;score.biased=bf16",
          "f32;q_conversion=bf16",
          "f32;score_scale=sqrt-both",
          "f32;score_shift=folded;score_shift.rounded=true",
          "f32;sink_in_max=false",
          "f32;exp_rel=0.001",
          "f32;exp_abs=0.001",
          "f32;exp_rel=0;exp_abs=0;log_rel=0;log_abs=0",
          "f32;probability=bf16;denominator_sums=rounded",
          "f32;probability=f16;unfused=true",
          "f32;tau=6;division=reciprocal",
          "f32;splits=3;partial=f16",
          "f32;splits=3;merge=lse"};
}

}  // namespace attest::oracle
