#include "semantics/z3_terms.hpp"

#include <cmath>

#include <fmt/format.h>

namespace attest::semantics {
namespace {

// Apart from the names that solvers give to operations of their own.
std::string unknown(const std::string& name) { return "any_" + name; }

}  // namespace

Z3Terms::Condition Z3Terms::empty(const Score& m) const {
  return {context_.function(unknown("empty").c_str(), sort_, context_.bool_sort())(m.term)};
}

Z3Terms::Acc Z3Terms::number(double constant) const {
  const std::string magnitude = fmt::format("{:.17g}", std::abs(constant));
  return {this->constant((std::signbit(constant) ? "minus_" : "number_") + magnitude)};
}

z3::expr Z3Terms::constant(const std::string& name) const {
  return context_.constant(unknown(name).c_str(), sort_);
}

z3::expr Z3Terms::apply(const char* name, const z3::expr& x) const {
  return context_.function(unknown(name).c_str(), sort_, sort_)(x);
}

z3::expr Z3Terms::apply(const char* name, const z3::expr& x, const z3::expr& y) const {
  return context_.function(unknown(name).c_str(), sort_, sort_, sort_)(x, y);
}

}  // namespace attest::semantics
