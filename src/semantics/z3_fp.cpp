#include "semantics/z3_fp.hpp"

#include <utility>

namespace attest::semantics {

Z3Fp::Z3Fp(z3::context& context, const Format& format, const Format& probability, Exponential exponential)
    : context_(context),
      format_(format),
      probability_(probability),
      sort_(z3_sort(context, format)),
      nearest_even_(context, Z3_mk_fpa_rne(context)),
      exponential_(std::move(exponential)) {}

Z3Fp::Acc Z3Fp::probability(const Acc& x) const {
  if (probability_ == format_) return x;
  const auto converted = [this](const z3::expr& term, const z3::sort& sort) {
    const z3::expr result(context_, Z3_mk_fpa_to_fp_float(context_, nearest_even_, term, sort));
    context_.check_error();
    return result;
  };
  return {converted(converted(x.term, z3_sort(context_, probability_)), sort_)};
}

z3::expr Z3Fp::rounded(Operation operation, const z3::expr& x, const z3::expr& y) const {
  const z3::expr result(context_, operation(context_, nearest_even_, x, y));
  context_.check_error();
  return result;
}

}  // namespace attest::semantics
