#include "forms/worlds/dense/dense_case.hpp"
#include "forms/worlds/floats/float_formats.hpp"
#include "planted_worlds.hpp"

namespace attest {
namespace {

dense::Softmax<float> faulty_softmax(const dense::Inputs<float>& in, DenseFault fault) {
  dense::Inputs<float> all = in;
  if (fault == DenseFault::masked_score_zero || fault == DenseFault::masked_after_softmax) {
    all.visible.setConstant(true);
  }
  dense::Matrix<float> s = dense::scores(all);
  const dense::Matrix<float> zero = dense::Matrix<float>::Zero(s.rows(), s.cols());
  if (fault == DenseFault::masked_score_zero) s = in.visible.select(s, zero).eval();
  dense::Softmax<float> rows = dense::softmax(s);
  if (fault == DenseFault::masked_after_softmax) rows.p = in.visible.select(rows.p, zero).eval();
  if (fault != DenseFault::no_shift && fault != DenseFault::normalised_by_columns) return rows;
  const dense::Matrix<float> weights = s.unaryExpr([](const float& x) { return std::exp(x); });
  const dense::Column<float> sums = fault == DenseFault::no_shift
                                        ? dense::Column<float>(weights.rowwise().sum())
                                        : dense::Column<float>(weights.colwise().sum().transpose());
  if (fault == DenseFault::normalised_by_columns) {
    rows.p = (weights.array().rowwise() / sums.array().transpose()).matrix();
    return rows;
  }
  rows.p = (weights.array().colwise() / sums.array()).matrix();
  rows.lse = sums.unaryExpr([](const float& l) { return std::log(l); });
  return rows;
}

dense::Outputs<float> faulty_outputs(const dense::Inputs<float>& in, DenseFault fault) {
  const dense::Softmax<float> rows = faulty_softmax(in, fault);
  return {rows.p * in.v, rows.lse};
}

/// Runs the dense forms with the fault, and other forms as they are.
struct PlantedDense {
  DenseFault fault = DenseFault::none;

  template <class F, class W>
  FinishedRows<typename W::A> rows(const W& world, const RowCase& row,
                                   const FormInput<typename W::A>& input) const {
    const auto k = world.semantics(row);
    if constexpr (std::is_same_v<F, DenseForm>) {
      return finished_rows(k, faulty_outputs(faulty_inputs(dense_row_inputs<float>(input)), fault));
    } else if constexpr (std::is_same_v<F, DenseCausalForm>) {
      if (visible_keys(input, 0, input.scores.size()).empty()) return {std::nullopt};
      return finished_rows(
          k, faulty_outputs(faulty_inputs(misaligned(dense_causal_inputs<float>(input))), fault));
    } else {
      return AsWritten{}.template rows<F>(world, row, input);
    }
  }

 private:
  dense::Inputs<float> faulty_inputs(dense::Inputs<float> in) const {
    if (fault == DenseFault::no_scale) in.scale = 1;
    return in;
  }
  dense::Inputs<float> misaligned(dense::Inputs<float> in) const {
    std::ptrdiff_t offset = in.k.rows() - in.q.rows();
    if (fault == DenseFault::sees_next_key) ++offset;
    if (fault == DenseFault::misses_own_key) --offset;
    if (fault == DenseFault::aligned_top_left) offset = 0;
    in.visible = dense::banded(in.q.rows(), in.k.rows(), {.offset = offset, .left = {}, .right = 0});
    return in;
  }
};

}  // namespace

std::unique_ptr<FormWorld> f32_world_with(DenseFault fault) {
  return std::make_unique<WorldOf<CertifiedWorld<F32Format>, PlantedDense>>(PlantedDense{fault});
}

}  // namespace attest
