// Functions of which nothing is known but that equal arguments give equal results.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "numerics/random_value.hpp"
#include "support/term_theorem.hpp"

namespace attest::proofs {

inline semantics::Z3Terms::Acc unknown(const semantics::Z3Terms&, const std::string& name,
                                       const std::vector<semantics::Z3Terms::Acc>& arguments) {
  z3::context& context = arguments[0].term.ctx();
  const z3::sort number = semantics::Z3Terms::sort_in(context);
  z3::sort_vector sorts(context);
  z3::expr_vector terms(context);
  for (const auto& argument : arguments) {
    sorts.push_back(number);
    terms.push_back(argument.term);
  }
  return {context.function(name.c_str(), sorts, number)(terms)};
}

/// In floats, one that mixes the bits of its arguments.
inline float unknown(const semantics::F32&, const std::string& name, const std::vector<float>& arguments) {
  std::uint64_t bits = std::hash<std::string>()(name);
  for (const float x : arguments) bits = mixed(bits ^ std::bit_cast<std::uint32_t>(x));
  return static_cast<float>(bits % 4096) / 1024;
}

}  // namespace attest::proofs
