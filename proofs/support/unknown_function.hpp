// A function of which nothing is known but that equal arguments give equal results. Each application is a
// variable of its own, so that a counterexample tells its values.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace attest::proofs {

template <class World>
class UnknownFunction {
 public:
  using Number = typename World::Number;

  UnknownFunction(World& world, std::string name) : world_(world), name_(std::move(name)) {}

  Number operator()(const std::vector<Number>& arguments) const {
    const Number result = world_.real(name_ + std::to_string(known_.size()));
    for (const auto& [other, other_result] : known_) {
      auto same = arguments[0] == other[0];
      for (std::size_t i = 1; i < arguments.size(); ++i) same = same && arguments[i] == other[i];
      world_.assume(implies(same, result == other_result));
    }
    known_.emplace_back(arguments, result);
    return result;
  }

 private:
  World& world_;
  std::string name_;
  mutable std::vector<std::pair<std::vector<Number>, Number>> known_;
};

}  // namespace attest::proofs
