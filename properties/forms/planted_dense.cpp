#include "forms/worlds/dense/dense_case.hpp"
#include "forms/worlds/floats/float_formats.hpp"
#include "planted_worlds.hpp"

namespace attest::properties {
namespace {

attention::dense::Softmax<float> faulty_softmax(const attention::dense::Inputs<float>& in, DenseFault fault) {
  attention::dense::Inputs<float> all = in;
  if (fault == DenseFault::masked_score_zero || fault == DenseFault::masked_after_softmax) {
    all.visible.setConstant(true);
  }
  attention::dense::Matrix<float> s = attention::dense::scores(all);
  const attention::dense::Matrix<float> zero = attention::dense::Matrix<float>::Zero(s.rows(), s.cols());
  if (fault == DenseFault::masked_score_zero) s = in.visible.select(s, zero).eval();
  attention::dense::Softmax<float> rows = attention::dense::softmax(s);
  if (fault == DenseFault::masked_after_softmax) rows.p = in.visible.select(rows.p, zero).eval();
  if (fault != DenseFault::no_shift && fault != DenseFault::normalised_by_columns) return rows;
  const attention::dense::Matrix<float> weights = s.unaryExpr([](const float& x) { return std::exp(x); });
  const attention::dense::Column<float> sums =
      fault == DenseFault::no_shift ? attention::dense::Column<float>(weights.rowwise().sum())
                                    : attention::dense::Column<float>(weights.colwise().sum().transpose());
  if (fault == DenseFault::normalised_by_columns) {
    rows.p = (weights.array().rowwise() / sums.array().transpose()).matrix();
    return rows;
  }
  rows.p = (weights.array().colwise() / sums.array()).matrix();
  rows.lse = sums.unaryExpr([](const float& l) { return std::log(l); });
  return rows;
}

attention::dense::Outputs<float> faulty_outputs(const attention::dense::Inputs<float>& in, DenseFault fault) {
  const attention::dense::Softmax<float> rows = faulty_softmax(in, fault);
  return {rows.p * in.v, rows.lse};
}

/// Runs the dense forms with the fault, and other forms as they are.
struct PlantedDense {
  DenseFault fault = DenseFault::none;

  template <class F, class W>
  forms::FinishedRows<typename W::A> rows(const W& world, const forms::RowCase& row,
                                          const forms::FormInput<typename W::A>& input) const {
    const auto k = world.semantics(row);
    if constexpr (std::is_same_v<F, forms::DenseForm>) {
      return forms::finished_rows(k, faulty_outputs(faulty_inputs(dense_row_inputs<float>(input)), fault));
    } else if constexpr (std::is_same_v<F, forms::DenseCausalForm>) {
      if (visible_keys(input, 0, input.scores.size()).empty()) return {std::nullopt};
      return forms::finished_rows(
          k, faulty_outputs(faulty_inputs(misaligned(dense_causal_inputs<float>(input))), fault));
    } else {
      return forms::AsWritten{}.template rows<F>(world, row, input);
    }
  }

 private:
  attention::dense::Inputs<float> faulty_inputs(attention::dense::Inputs<float> in) const {
    if (fault == DenseFault::no_scale) in.scale = 1;
    return in;
  }
  attention::dense::Inputs<float> misaligned(attention::dense::Inputs<float> in) const {
    std::ptrdiff_t offset = in.k.rows() - in.q.rows();
    if (fault == DenseFault::sees_next_key) ++offset;
    if (fault == DenseFault::misses_own_key) --offset;
    if (fault == DenseFault::aligned_top_left) offset = 0;
    in.visible =
        attention::dense::banded(in.q.rows(), in.k.rows(), {.offset = offset, .left = {}, .right = 0});
    return in;
  }
};

}  // namespace

std::unique_ptr<forms::FormWorld> f32_world_with(DenseFault fault) {
  return std::make_unique<forms::WorldOf<forms::CertifiedWorld<forms::F32Format>, PlantedDense>>(
      PlantedDense{fault});
}

}  // namespace attest::properties
