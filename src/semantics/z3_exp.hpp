// Exponentials for symbolic floats: the least that a theorem assumes, or a table.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <z3++.h>

#include "numerics/format.hpp"

namespace attest::semantics {

/// Z3's sort of a format's numbers. Precondition: emin = 1 - emax, emax + 1 a power of two.
z3::sort z3_sort(z3::context& context, const Format& format);
/// The numeral of a value of the format (infinities and NaN included), which must be exact in it.
z3::expr z3_numeral(z3::context& context, const Format& format, double value);
/// The value of a term that simplifies to a numeral of the format. Throws std::invalid_argument if it does
/// not.
double z3_value(const z3::expr& term, const Format& format);

/// exp as any function that keeps a contract: NaN gives NaN; x <= 0 gives 0 <= exp(x) <= 1; exp(0) = 1;
/// exp(-inf) = 0. No monotonicity, no accuracy: every usable exponential keeps this. The contract is
/// instantiated for the terms that exp is applied to; a theorem must assume axioms(). Copies share them.
class ContractExp {
 public:
  ContractExp(z3::context& context, const Format& format);
  z3::expr operator()(const z3::expr& x) const;
  const z3::expr_vector& axioms() const { return axioms_; }

 private:
  Format format_;
  z3::func_decl exp_;
  mutable z3::expr_vector axioms_;
};

/// exp by table, NaN for arguments that are not in it: runs a symbolic program on numbers, to compare it with
/// a concrete one.
class TableExp {
 public:
  /// Pairs (x, exp(x)) of values of the format.
  TableExp(const Format& format, std::vector<std::pair<double, double>> table)
      : format_(format), table_(std::move(table)) {}
  z3::expr operator()(const z3::expr& x) const;

 private:
  Format format_;
  std::vector<std::pair<double, double>> table_;
};

}  // namespace attest::semantics
