// The dense form and the oracle are two definitions of attention that share no code: the oracle certifies the
// dense form's outputs on whole problems, with scores that are dot products, windows, masks and biases.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "attention/dense.hpp"
#include "forms/worlds/floats/float_formats.hpp"
#include "numerics/draw.hpp"
#include "oracle/judge/judge.hpp"

namespace attest::properties {
namespace {

Tensor normal_tensor(Draw& draw, DType dtype, const std::vector<std::int64_t>& shape) {
  Tensor tensor(dtype, shape);
  for (std::int64_t i = 0; i < shape[2]; ++i) {
    for (std::int64_t c = 0; c < shape[3]; ++c) tensor.set({0, 0, i, c}, representable(dtype, draw.normal()));
  }
  return tensor;
}

// One head of up to 12 queries and 24 keys.
Problem draw_problem(Draw& draw, DType dtype) {
  const std::int64_t queries = draw.between(1, 12);
  const std::int64_t keys = draw.between(1, 24);
  const std::int64_t channels = draw.between(1, 20);
  Problem p;
  p.q = normal_tensor(draw, dtype, {1, 1, queries, channels});
  p.k = normal_tensor(draw, dtype, {1, 1, keys, channels});
  p.v = normal_tensor(draw, dtype, {1, 1, keys, draw.between(1, 6)});
  p.scale = draw.pick({0.125, 0.25, 0.75, 2.0});
  p.causal = draw.pick({Causal::none, Causal::top_left, Causal::bottom_right});
  if (draw.chance(0.4)) p.window_left = draw.below(6);
  if (draw.chance(0.2)) p.window_right = draw.below(6);
  if (draw.chance(0.4)) {
    p.mask = Tensor(DType::u8, {1, 1, queries, keys});
    for (std::int64_t i = 0; i < queries; ++i) {
      for (std::int64_t j = 0; j < keys; ++j) p.mask->set({0, 0, i, j}, draw.chance(0.7) ? 1 : 0);
    }
  }
  if (draw.chance(0.4)) {
    p.bias = Tensor(DType::f32, {1, 1, queries, keys});
    for (std::int64_t i = 0; i < queries; ++i) {
      for (std::int64_t j = 0; j < keys; ++j)
        p.bias->set({0, 0, i, j}, static_cast<double>(draw.between(-16, 16)) / 8);
    }
  }
  return p;
}

attention::dense::Band band_of(const Problem& p) {
  attention::dense::Band band;
  band.offset = p.causal == Causal::top_left ? 0 : p.kv_len() - p.q_len();
  if (p.window_left >= 0) band.left = p.window_left;
  if (p.window_right >= 0) band.right = p.window_right;
  if (p.causal != Causal::none) band.right = 0;
  return band;
}

template <class T>
attention::dense::Matrix<T> matrix_of(const Tensor& tensor) {
  return attention::dense::Matrix<T>::NullaryExpr(tensor.dim(2), tensor.dim(3),
                                                  [&](Eigen::Index i, Eigen::Index c) {
                                                    return static_cast<T>(tensor.at({0, 0, i, c}));
                                                  });
}

template <class T>
Result result_by(const Problem& p, const attention::dense::Band& band) {
  attention::dense::Inputs<T> in;
  in.q = matrix_of<T>(p.q);
  in.k = matrix_of<T>(p.k);
  in.v = matrix_of<T>(p.v);
  in.scale = static_cast<T>(p.scale);
  in.visible = attention::dense::banded(p.q_len(), p.kv_len(), band);
  if (p.mask) in.visible = in.visible && matrix_of<double>(*p.mask).array() != 0;
  if (p.bias) in.bias = matrix_of<T>(*p.bias);
  const attention::dense::Outputs<T> outputs = attention::dense::attend(in);
  Result result{Tensor(p.q.dtype(), p.out_shape()), Tensor(p.lse_dtype(), p.lse_shape())};
  for (Eigen::Index i = 0; i < p.q_len(); ++i) {
    for (Eigen::Index c = 0; c < p.v_dim(); ++c)
      result.out.set({0, 0, i, c}, static_cast<double>(outputs.o(i, c)));
    result.lse->set({0, 0, i}, static_cast<double>(outputs.lse(i)));
  }
  return result;
}

template <class Format>
oracle::Judgement judged(const Problem& p, const Result& result) {
  const std::string contract = std::string(Format::kContract) + forms::kNormalisesFirst;
  return judge(p, result, oracle::contract_for(contract, Format::kDType, Format::kDType));
}

template <class Format, class T>
void is_certified(std::uint64_t seed) {
  Draw draw{rc::Random(seed)};
  const Problem p = draw_problem(draw, Format::kDType);
  RC_ASSERT(why_invalid(p) == "");
  const oracle::Judgement judgement = judged<Format>(p, result_by<T>(p, band_of(p)));
  const oracle::Element& worst = judgement.worst;
  RC_LOG() << Format::kEntry.name << ": " << describe(p) << ", query " << worst.i << ", channel "
           << worst.channel << ": " << worst.got << " in place of " << worst.expected << "\n";
  RC_ASSERT(!judgement.violated());
  RC_CLASSIFY(judgement.out.uninformative == 0, std::string(Format::kEntry.name));
}

RC_GTEST_PROP(DenseForm, IsCertifiedByTheOracleInNarrowFormatsToo, ()) {
  const auto seed = *rc::gen::noShrink(rc::gen::arbitrary<std::uint64_t>());
  is_certified<forms::F32Format, float>(seed);
  is_certified<forms::F16Format, Eigen::half>(seed);
  is_certified<forms::Bf16Format, Eigen::bfloat16>(seed);
}

// What makes the property above more than a formality.
TEST(DenseForm, HasACertificateOfEveryOutputInF32) {
  std::int64_t certified = 0;
  std::int64_t total = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Draw draw{rc::Random(seed)};
    const Problem p = draw_problem(draw, DType::f32);
    const oracle::Judgement judgement = judged<forms::F32Format>(p, result_by<float>(p, band_of(p)));
    certified += judgement.out.within + judgement.lse.within;
    total += judgement.out.total() + judgement.lse.total();
  }
  EXPECT_EQ(certified, total);
}

TEST(DenseForm, IsRefutedByTheOracleWhenItsBandIsOff) {
  for (const std::ptrdiff_t off : {-1, 1}) {
    int refuted = 0;
    int cases = 0;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      Draw draw{rc::Random(seed)};
      const Problem p = draw_problem(draw, DType::f32);
      if (p.causal == Causal::none) continue;
      attention::dense::Band band = band_of(p);
      band.offset += off;
      ++cases;
      refuted += judged<forms::F32Format>(p, result_by<float>(p, band)).violated() ? 1 : 0;
    }
    EXPECT_GT(refuted, cases / 2) << off << ": " << cases << " cases";
  }
}

}  // namespace
}  // namespace attest::properties
