// Forms that hold the whole score matrix (attention/dense.hpp), in the numbers that Eigen's matrices hold.
//
// Eigen itself is compiled in forms/worlds/dense alone: what names a form does not include it.
#pragma once

#include <concepts>

#include "forms/forms/form.hpp"
#include "semantics/emulated.hpp"
#include "semantics/mixed.hpp"
#include "semantics/native.hpp"

namespace attest::semantics {
class Mpfr;  // only its own world includes MPFR
}  // namespace attest::semantics

namespace attest::forms {

template <class A, class... Others>
concept OneOf = (std::same_as<A, Others> || ...);

/// A semantics with an Eigen scalar that rounds as it does: float, double, Eigen::half or Eigen::bfloat16 for
/// an emulated format, float with P in one of these, and Boost's MPFR number.
template <class A>
concept HeldByMatrices =
    OneOf<A, semantics::F32, semantics::F64, semantics::Emulated<>, semantics::Mixed<>, semantics::Mpfr>;

/// The case's row over all keys, masked ones in their place.
template <HeldByMatrices A>
FinishedRows<A> dense_rows(const A& k, const FormInput<A>& input);
/// The last input.rows causal rows over the visible keys.
template <HeldByMatrices A>
FinishedRows<A> dense_causal_rows(const A& k, const FormInput<A>& input);

struct DenseForm {
  static constexpr FormEntry kEntry{
      .name = "dense",
      .meaning = "the whole score matrix in Eigen: masked, softmax by rows, then a product with V",
      .needs = FormNeeds::matrices,
      .normalises_first = true};
  template <class A>
  static constexpr bool kRunsIn = HeldByMatrices<A>;
  static attention::Schedule plan(std::size_t keys, const Choices&) { return {0, keys, {}}; }
  template <HeldByMatrices A>
  static FinishedRows<A> rows(const A& k, const FormInput<A>& input, const attention::Schedule&) {
    return dense_rows(k, input);
  }
};

struct DenseCausalForm {
  static constexpr FormEntry kEntry{
      .name = "dense causal",
      .meaning =
          "all rows of a causal problem as one masked matrix, with the last query aligned to the last key",
      .needs = FormNeeds::matrices,
      .causal = true,
      .normalises_first = true};
  template <class A>
  static constexpr bool kRunsIn = HeldByMatrices<A>;
  static attention::Schedule plan(std::size_t keys, const Choices&) { return {0, keys, {}}; }
  template <HeldByMatrices A>
  static FinishedRows<A> rows(const A& k, const FormInput<A>& input, const attention::Schedule&) {
    return dense_causal_rows(k, input);
  }
};

}  // namespace attest::forms
