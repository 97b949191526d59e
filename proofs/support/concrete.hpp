// Statements on numbers: the world in which a counterexample is replayed.
#pragma once

#include <map>
#include <stdexcept>
#include <string>

#include "prove/theorem.hpp"
#include "semantics/rational.hpp"

namespace attest::proofs {

inline bool implies(bool a, bool b) { return !a || b; }
inline semantics::Rational::Number choose(bool c, const semantics::Rational::Number& a,
                                          const semantics::Rational::Number& b) {
  return c ? a : b;
}

class ConcreteWorld {
 public:
  using Number = semantics::Rational::Number;
  using Truth = bool;

  explicit ConcreteWorld(const prove::Model& model) : values_(model.begin(), model.end()) {}

  /// Throws std::runtime_error if the model's value is not rational. A variable that the model leaves out may
  /// have any value: 0.
  Number real(const std::string& name) const {
    const auto at = values_.find(name);
    return at == values_.end() ? Number(0) : Number(at->second);
  }
  bool truth(const std::string& name) const {
    const auto at = values_.find(name);
    return at != values_.end() && at->second == "true";
  }
  void assume(bool hypothesis) { replay_.hypotheses_hold = replay_.hypotheses_hold && hypothesis; }
  void show(const std::string& goal, bool claim) {
    if (!claim) replay_.failed.push_back(goal);
  }
  void lemma(const std::string& goal, bool claim) { show(goal, claim); }
  template <class Law, class... Numbers>
  void use(const Law& law, const Numbers&... arguments) {
    show(std::string("applies: ") + Law::kName, law.applies(arguments...));
  }

  const prove::Replay& replay() const { return replay_; }

 private:
  std::map<std::string, std::string> values_;
  prove::Replay replay_{true, {}};
};

}  // namespace attest::proofs
