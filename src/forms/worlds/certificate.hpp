// The oracle's judgement of one finished row of a form in floats.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "forms/cases/form_statement.hpp"
#include "forms/forms/form.hpp"
#include "oracle/judge/judge.hpp"

namespace attest::forms {

/// One unit of a case's scores, in nats: a multiple of it up to 2^p / 4 is exact in a format of p bits.
inline constexpr double kNatsAUnit = 0.25;

/// What a contract adds for forms with FormEntry::normalises_first.
inline constexpr const char* kNormalisesFirst = ";unfused=true";

/// The case as numbers, the same in every float world.
inline double score_number(const KeyCase& key, int shift) { return kNatsAUnit * (key.score + shift); }

struct FloatRow {
  std::vector<double> output;
  double lse = -HUGE_VAL;
};

/// How far from the exact result each number may be; infinite where nothing is certified, or where the
/// certificate allows nearly anything.
struct FloatBounds {
  std::vector<double> output;
  double lse = HUGE_VAL;
};

/// A format of inputs and outputs, and what forms in this semantics declare of their arithmetic.
class Certifier {
 public:
  /// `contract` is the text of a contract whose preset fits `dtype`; what a form adds to it (tau, merge by
  /// lse) is added here.
  Certifier(DType dtype, std::string contract) : dtype_(dtype), contract_(std::move(contract)) {}

  /// Are all scores and values exact in the dtype?
  bool holds(const RowCase& row) const;
  /// By judge() on a problem with one query of one dimension, q = 1, scale 1 and k = score. The error of that
  /// product, which the form does not make, is in the bound as well: it is up to 3 u |score| too large.
  Ruling judged(const RowCase& row, const FormEntry& form, const FloatRow& got, bool of_lse) const;
  FloatBounds bounds(const RowCase& row, const FormEntry& form) const;

 private:
  Problem problem(const RowCase& row) const;
  oracle::ContractSet contract(const RowCase& row, const FormEntry& form) const;

  DType dtype_;
  std::string contract_;
};

}  // namespace attest::forms
