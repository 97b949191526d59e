// Statements on concrete floats: the world in which a counterexample of symbolic_floats.hpp is replayed.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "prove/theorem.hpp"
#include "semantics/emulated.hpp"
#include "semantics/native.hpp"

namespace attest::proofs {

inline bool is_nan(double x) { return std::isnan(x); }
inline bool is_finite(double x) { return std::isfinite(x); }

class ConcreteFloats {
 public:
  using Number = double;  // values of the format under test
  using Truth = bool;

  explicit ConcreteFloats(const prove::Model& model) : values_(model.begin(), model.end()) {}

  /// A variable that the model leaves out may have any value: 0.
  double number(const std::string& name) const;
  double constant(double value) const { return value; }
  void assume(bool hypothesis) { replay_.hypotheses_hold = replay_.hypotheses_hold && hypothesis; }
  void show(const std::string& goal, bool claim) {
    if (!claim) replay_.failed.push_back(goal);
  }
  void lemma(const std::string& goal, bool claim) { show(goal, claim); }

  /// The n-th result is the model's `exp<n>`; that it keeps the contract is a hypothesis.
  double exponential(double x);

  const prove::Replay& replay() const { return replay_; }

 private:
  std::map<std::string, std::string> values_;
  std::vector<std::pair<double, double>> table_;
  prove::Replay replay_{true, {}};
};

/// The exponential of a world, for Native and Emulated.
struct ReplayedExp {
  ConcreteFloats* world;
  double operator()(double x) const { return world->exponential(x); }
  float operator()(float x) const { return static_cast<float>(world->exponential(static_cast<double>(x))); }
};

template <class E>
double as_score(const semantics::Emulated<E>&, double x) {
  return x;
}
template <class E>
double as_acc(const semantics::Emulated<E>&, double x) {
  return x;
}
template <class E>
double as_numerator(const semantics::Emulated<E>&, double x) {
  return x;
}
template <class E>
double score_value(const semantics::Emulated<E>&, double x) {
  return x;
}
template <class E>
double number_of(const semantics::Emulated<E>&, double x) {
  return x;
}

template <class T, class E>
T as_score(const semantics::Native<T, E>&, double x) {
  return static_cast<T>(x);
}
template <class T, class E>
T as_acc(const semantics::Native<T, E>&, double x) {
  return static_cast<T>(x);
}
template <class T, class E>
T as_numerator(const semantics::Native<T, E>&, double x) {
  return static_cast<T>(x);
}
template <class T, class E>
double score_value(const semantics::Native<T, E>&, T x) {
  return static_cast<double>(x);
}
template <class T, class E>
double number_of(const semantics::Native<T, E>&, T x) {
  return static_cast<double>(x);
}

}  // namespace attest::proofs
