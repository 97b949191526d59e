// A case of the forms as matrices, and rows of matrices as what forms return: the definition of the functions
// that forms_of_matrices.hpp declares, instantiated in dense_*.cpp.
#pragma once

#include <stdexcept>
#include <utility>

#include "attention/dense_mpfr.hpp"
#include "forms/forms/forms_of_caches.hpp"
#include "forms/forms/forms_of_matrices.hpp"
#include "semantics/mpfr.hpp"

namespace attest::forms {

/// A number of the matrices, from one of a semantics that it holds, and back; both exact.
template <class T>
T dense_number(double x) {
  return static_cast<T>(x);
}
template <class T>
T dense_number(const semantics::Mpfr::Number& x) {
  return T(x);
}
inline double from_dense(double x) { return x; }
inline float from_dense(float x) { return x; }
inline double from_dense(Eigen::half x) { return static_cast<float>(x); }
inline double from_dense(Eigen::bfloat16 x) { return static_cast<float>(x); }
inline semantics::Mpfr::Number from_dense(const attention::DenseMpfr& x) {
  semantics::Mpfr::Number result;
  mpfr_set_prec(result.backend().data(), mpfr_get_prec(x.backend().data()));
  mpfr_set(result.backend().data(), x.backend().data(), MPFR_RNDN);
  return result;
}

/// Every query is (1/4, 1/4), key j is (s_j, s_j), the scale is 2: scale Q K^T is s_j without a rounding, as
/// scores are quarters of a nat, and the product, the transpose and the scale are all at work.
template <class T, semantics::Semantics A, class Values>
attention::dense::Inputs<T> dense_inputs(std::size_t queries, const std::vector<typename A::Score>& scores,
                                         const Values& values, attention::dense::Mask visible) {
  const auto keys = static_cast<Eigen::Index>(scores.size());
  const auto channels = static_cast<Eigen::Index>(values[0].size());
  attention::dense::Inputs<T> in{
      .q = attention::dense::Matrix<T>::Constant(static_cast<Eigen::Index>(queries), 2, T(0.25)),
      .k = attention::dense::Matrix<T>(keys, 2),
      .v = attention::dense::Matrix<T>(keys, channels),
      .scale = T(2),
      .visible = std::move(visible)};
  for (Eigen::Index j = 0; j < keys; ++j) {
    const auto key = static_cast<std::size_t>(j);
    in.k(j, 0) = in.k(j, 1) = dense_number<T>(scores[key]);
    for (Eigen::Index c = 0; c < channels; ++c) {
      in.v(j, c) = dense_number<T>(values[key][static_cast<std::size_t>(c)]);
    }
  }
  return in;
}

/// The case's row over all keys. Precondition: at least one key.
template <class T, semantics::Semantics A>
attention::dense::Inputs<T> dense_row_inputs(const FormInput<A>& input) {
  const auto keys = static_cast<Eigen::Index>(input.scores.size());
  return dense_inputs<T, A>(1, input.scores, input.values,
                            attention::dense::Mask::NullaryExpr(1, keys, [&](Eigen::Index, Eigen::Index j) {
                              return input.visible[static_cast<std::size_t>(j)];
                            }));
}

/// The causal rows over the visible keys. Precondition: at least one key is visible.
template <class T, semantics::Semantics A>
attention::dense::Inputs<T> dense_causal_inputs(const FormInput<A>& input) {
  const CausalInput<A> causal(input);
  return dense_inputs<T, A>(causal.rows, causal.scores, causal.values,
                            attention::dense::causal(static_cast<Eigen::Index>(causal.rows),
                                                     static_cast<Eigen::Index>(causal.tokens.size())));
}

/// lse stands for the sum of weights: m = lse, l = 1.
template <semantics::Semantics A, class T>
FinishedRows<A> finished_rows(const A& k, const attention::dense::Outputs<T>& outputs) {
  FinishedRows<A> rows;
  for (Eigen::Index i = 0; i < outputs.o.rows(); ++i) {
    Finished<A> row{{}, from_dense(outputs.lse(i)), k.one()};
    for (Eigen::Index c = 0; c < outputs.o.cols(); ++c) row.output.push_back(from_dense(outputs.o(i, c)));
    rows.emplace_back(std::move(row));
  }
  return rows;
}

// in_matrices(k, make, f) is f(outputs of make<T>()), T and the format of P being those of the semantics k.

template <std::floating_point X, class Make, class F>
auto in_matrices(const semantics::Native<X>&, const Make& make, const F& f) {
  return f(attention::dense::attend(make.template operator()<X>()));
}

template <class Make, class F>
auto in_matrices(const semantics::Mpfr&, const Make& make, const F& f) {
  return f(attention::dense::attend(make.template operator()<attention::DenseMpfr>()));
}

/// Eigen computes each operation in float and rounds once more, which is innocuous for 8 and 11 bits: 24 is
/// at least 2 * 11 + 2 (emulated.hpp). Its exp and log err by u / (1 + u) for that rounding and by 2^-23 for
/// the C library's, which is less than the exp_rel and log_rel that float_formats.hpp declares.
template <class Make, class F>
auto in_matrices(const semantics::Emulated<>& k, const Make& make, const F& f) {
  if (k.accumulator() == kBinary16)
    return f(attention::dense::attend(make.template operator()<Eigen::half>()));
  if (k.accumulator() == kBfloat16)
    return f(attention::dense::attend(make.template operator()<Eigen::bfloat16>()));
  throw std::logic_error("Eigen has no scalar of this format");
}

template <class Make, class F>
auto in_matrices(const semantics::Mixed<>& k, const Make& make, const F& f) {
  const auto inputs = make.template operator()<float>();
  if (k.probability_format == kBinary16) return f(attention::dense::attend_by<Eigen::half>(inputs));
  if (k.probability_format == kBfloat16) return f(attention::dense::attend_by<Eigen::bfloat16>(inputs));
  throw std::logic_error("Eigen has no scalar of this format");
}

template <HeldByMatrices A>
FinishedRows<A> dense_rows(const A& k, const FormInput<A>& input) {
  return in_matrices(
      k, [&]<class T>() { return dense_row_inputs<T>(input); },
      [&](const auto& outputs) { return finished_rows(k, outputs); });
}

template <HeldByMatrices A>
FinishedRows<A> dense_causal_rows(const A& k, const FormInput<A>& input) {
  if (visible_keys(input, 0, input.scores.size()).empty()) return {std::nullopt};
  return in_matrices(
      k, [&]<class T>() { return dense_causal_inputs<T>(input); },
      [&](const auto& outputs) { return finished_rows(k, outputs); });
}

}  // namespace attest::forms
