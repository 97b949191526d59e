// Symbolic IEEE floats of any format, bit by bit, each operation rounded to nearest even.
//
// The terms have the text of native.hpp: max is ite(s < t, t, s), not fp.max, whose NaN and signed zeros
// differ.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <utility>

#include "semantics/z3_exp.hpp"

namespace attest::semantics {

class Z3Fp {
 public:
  struct Score {
    z3::expr term;
  };
  struct Acc {
    z3::expr term;
  };
  struct Condition {
    z3::expr term;
  };
  using Exponential = std::function<z3::expr(const z3::expr&)>;

  /// exponential: a ContractExp or TableExp of the same format.
  Z3Fp(z3::context& context, const Format& format, Exponential exponential)
      : Z3Fp(context, format, format, std::move(exponential)) {}
  /// `probability` is the format that P is rounded to before it meets a value.
  Z3Fp(z3::context& context, const Format& format, const Format& probability, Exponential exponential);

  /// Fresh numbers: any of the format, NaN and infinities included.
  Score score(const std::string& name) const { return {context_.constant(name.c_str(), sort_)}; }
  Acc value(const std::string& name) const { return {context_.constant(name.c_str(), sort_)}; }
  /// The numeral of a value that is exact in the format.
  z3::expr numeral(double value) const { return z3_numeral(context_, format_, value); }

  Score max(const Score& s, const Score& t) const { return {z3::ite(s.term < t.term, t.term, s.term)}; }
  Score sub(const Score& s, const Score& t) const { return {rounded(Z3_mk_fpa_sub, s.term, t.term)}; }
  Acc exp(const Score& s) const { return {exponential_(s.term)}; }
  Acc probability(const Acc& x) const;
  Acc one() const { return {numeral(1)}; }
  Acc add(const Acc& x, const Acc& y) const { return {rounded(Z3_mk_fpa_add, x.term, y.term)}; }
  Acc mul(const Acc& x, const Acc& y) const { return {rounded(Z3_mk_fpa_mul, x.term, y.term)}; }
  Acc div(const Acc& x, const Acc& y) const { return {rounded(Z3_mk_fpa_div, x.term, y.term)}; }

  Score masked() const { return {numeral(-HUGE_VAL)}; }
  Score origin() const { return {numeral(0)}; }
  Acc zero() const { return {numeral(0)}; }
  Condition empty(const Score& m) const { return {z3::fp_eq(m.term, masked().term)}; }
  Score select(const Condition& c, const Score& s, const Score& t) const {
    return {z3::ite(c.term, s.term, t.term)};
  }
  Acc select(const Condition& c, const Acc& x, const Acc& y) const {
    return {z3::ite(c.term, x.term, y.term)};
  }
  Condition exceeds(const Score& s, const Score& t, const Score& tau) const {
    return {s.term > rounded(Z3_mk_fpa_add, t.term, tau.term)};
  }

  z3::context& context() const { return context_; }
  const Format& format() const { return format_; }

 private:
  using Operation = Z3_ast (*)(Z3_context, Z3_ast, Z3_ast, Z3_ast);
  z3::expr rounded(Operation operation, const z3::expr& x, const z3::expr& y) const;

  z3::context& context_;
  Format format_, probability_;
  z3::sort sort_;
  z3::expr nearest_even_;
  Exponential exponential_;
};

}  // namespace attest::semantics
