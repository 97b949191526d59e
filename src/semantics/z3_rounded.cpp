#include "semantics/z3_rounded.hpp"

#include <algorithm>

namespace attest::semantics {

AbstractRounding::AbstractRounding(z3::context& context, std::string name) : name_(std::move(name)) {
  fix(context.real_val(0));
  fix(context.real_val(1));
}

z3::expr AbstractRounding::operator()(const z3::expr& x) {
  for (const auto& [argument, result] : points_) {
    if (z3::eq(argument, x)) return result;
  }
  z3::expr result(x.ctx(), Z3_mk_fresh_const(x.ctx(), name_.c_str(), x.get_sort()));
  points_.emplace_back(x, result);
  fix(result);
  return result;
}

void AbstractRounding::know(const z3::expr& argument, const z3::expr& result) {
  const auto is_known = [&](const auto& point) {
    return z3::eq(point.first, argument) && z3::eq(point.second, result);
  };
  if (std::any_of(points_.begin(), points_.end(), is_known)) return;
  points_.emplace_back(argument, result);
  if (!z3::eq(argument, result)) fix(result);
}

void AbstractRounding::append_axioms(z3::expr_vector& axioms) const {
  for (std::size_t i = 0; i < points_.size(); ++i) {
    const auto& [x, rounded_x] = points_[i];
    for (std::size_t j = 0; j < i; ++j) {
      const auto& [y, rounded_y] = points_[j];
      if (z3::eq(x, rounded_x) && z3::eq(y, rounded_y)) continue;  // two fixed points: nothing to say
      axioms.push_back(z3::implies(x <= y, rounded_x <= rounded_y));
      axioms.push_back(z3::implies(y <= x, rounded_y <= rounded_x));
      // Monotone against the mirror image: with oddness, -y rounds to -rounded_y.
      axioms.push_back(z3::implies(x <= -y, rounded_x <= -rounded_y));
      axioms.push_back(z3::implies(-y <= x, -rounded_y <= rounded_x));
    }
  }
}

Z3Rounded::Z3Rounded(z3::context& context, bool narrow_probability)
    : context_(context),
      narrow_probability_(narrow_probability),
      exp_(context.function("attest_exp", context.real_sort(), context.real_sort())),
      score_rounding_(context, "attest_round_s"),
      rounding_(context, "attest_round"),
      probability_rounding_(context, "attest_round_p"),
      exp_axioms_(context),
      divisors_(context) {}

Z3Rounded::Score Z3Rounded::score(const std::string& name) const {
  const z3::expr term = context_.real_const(name.c_str());
  score_rounding_.fix(term);
  return {term};
}

Z3Rounded::Acc Z3Rounded::value(const std::string& name) const {
  const z3::expr term = context_.real_const(name.c_str());
  rounding_.fix(term);
  return {term};
}

Z3Rounded::Acc Z3Rounded::constant(int value) const {
  const z3::expr term = context_.real_val(value);
  rounding_.fix(term);
  return {term};
}

Z3Rounded::Acc Z3Rounded::exp(const Score& s) const {
  const z3::expr y = exp_(s.term);
  exp_axioms_.push_back(z3::implies(s.term <= 0, y >= 0 && y <= 1));
  exp_axioms_.push_back(z3::implies(s.term == 0, y == 1));
  rounding_.fix(y);
  return {y};
}

Z3Rounded::Acc Z3Rounded::probability(const Acc& x) const {
  if (!narrow_probability_) return x;
  const z3::expr p = probability_rounding_(x.term);
  rounding_.fix(p);
  return {p};
}

Z3Rounded::Acc Z3Rounded::div(const Acc& x, const Acc& y) const {
  divisors_.push_back(y.term);
  return {rounding_(x.term / y.term)};
}

z3::expr_vector Z3Rounded::axioms() const {
  z3::expr_vector axioms(context_);
  for (const auto& axiom : exp_axioms_) axioms.push_back(axiom);
  score_rounding_.append_axioms(axioms);
  rounding_.append_axioms(axioms);
  if (narrow_probability_) probability_rounding_.append_axioms(axioms);
  return axioms;
}

}  // namespace attest::semantics
