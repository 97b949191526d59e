#include "forms/dense_case.hpp"
#include "forms/float_formats.hpp"
#include "planted_worlds.hpp"

namespace attest {
namespace {

template <class T>
dense::Softmax<T> faulty_softmax(const dense::Inputs<T>& in, DenseFault fault) {
  dense::Inputs<T> all = in;
  if (fault == DenseFault::masked_score_zero || fault == DenseFault::masked_after_softmax) {
    all.visible.setConstant(true);
  }
  dense::Matrix<T> s = dense::scores(all);
  const dense::Matrix<T> zero = dense::Matrix<T>::Zero(s.rows(), s.cols());
  if (fault == DenseFault::masked_score_zero) s = in.visible.select(s, zero).eval();
  dense::Softmax<T> rows = dense::softmax(s);
  if (fault == DenseFault::masked_after_softmax) rows.p = in.visible.select(rows.p, zero).eval();
  if (fault != DenseFault::no_shift && fault != DenseFault::normalised_by_columns) return rows;
  using std::exp;
  using std::log;
  const dense::Matrix<T> weights = s.unaryExpr([](const T& x) { return T(exp(x)); });
  const dense::Column<T> sums = fault == DenseFault::no_shift
                                    ? dense::Column<T>(weights.rowwise().sum())
                                    : dense::Column<T>(weights.colwise().sum().transpose());
  if (fault == DenseFault::normalised_by_columns) {
    rows.p = (weights.array().rowwise() / sums.array().transpose()).matrix();
    return rows;
  }
  rows.p = (weights.array().colwise() / sums.array()).matrix();
  rows.lse = sums.unaryExpr([](const T& l) { return T(log(l)); });
  return rows;
}

template <class T>
dense::Outputs<T> faulty_outputs(const dense::Inputs<T>& in, DenseFault fault) {
  const dense::Softmax<T> rows = faulty_softmax(in, fault);
  return {rows.p * in.v, rows.lse};
}

/// Runs the dense forms with the fault, in scalars T, and other forms as they are.
template <class T>
struct PlantedDense {
  DenseFault fault = DenseFault::none;

  template <class F, class W>
  FinishedRows<typename W::A> rows(const W& world, const RowCase& row,
                                   const FormInput<typename W::A>& input) const {
    const auto k = world.semantics(row);
    if constexpr (std::is_same_v<F, DenseForm>) {
      return finished_rows(k, faulty_outputs(faulty_inputs(dense_row_inputs<T>(input)), fault));
    } else if constexpr (std::is_same_v<F, DenseCausalForm>) {
      if (visible_keys(input, 0, input.scores.size()).empty()) return {std::nullopt};
      return finished_rows(k,
                           faulty_outputs(faulty_inputs(misaligned(dense_causal_inputs<T>(input))), fault));
    } else {
      return AsWritten{}.template rows<F>(world, row, input);
    }
  }

 private:
  dense::Inputs<T> faulty_inputs(dense::Inputs<T> in) const {
    if (fault == DenseFault::no_scale) in.scale = T(1);
    return in;
  }
  dense::Inputs<T> misaligned(dense::Inputs<T> in) const {
    std::ptrdiff_t offset = in.k.rows() - in.q.rows();
    if (fault == DenseFault::sees_next_key) ++offset;
    if (fault == DenseFault::misses_own_key) --offset;
    if (fault == DenseFault::aligned_top_left) offset = 0;
    in.visible = dense::banded(in.q.rows(), in.k.rows(), {.offset = offset, .left = {}, .right = 0});
    return in;
  }
};

template <class Format, class T>
std::unique_ptr<FormWorld> world_with(DenseFault fault) {
  return std::make_unique<WorldOf<CertifiedWorld<Format>, PlantedDense<T>>>(PlantedDense<T>{fault});
}

}  // namespace

std::unique_ptr<FormWorld> f32_world_with(DenseFault fault) { return world_with<F32Format, float>(fault); }
std::unique_ptr<FormWorld> f16_world_with(DenseFault fault) {
  return world_with<F16Format, Eigen::half>(fault);
}

}  // namespace attest
