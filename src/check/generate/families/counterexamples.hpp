// The smallest inputs on which a wrong recurrence fails, as a solver found them: a proof that fails becomes a
// test that catches.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "faults/root_cause/root_cause.hpp"

namespace attest::check {

/// `count` keys of one weight e^score and one value.
struct CounterexampleKey {
  double weight;
  double value;
  int count;
  friend bool operator==(const CounterexampleKey&, const CounterexampleKey&) = default;
};

/// What a problem needs in addition to the keys, so that the wrong program shows.
enum class CounterexampleNeeds : std::uint8_t {
  nothing,
  hidden_keys,          ///< keys that the row does not see
  hidden_keys_softcap,  ///< and a softcap
};

struct Counterexample {
  faults::RootCause cause{};
  std::string_view theorem;  ///< that it refutes
  std::vector<CounterexampleKey> keys;
  CounterexampleNeeds needs = CounterexampleNeeds::nothing;
};

/// As proofs/fault_table.cpp lists the faults. tests/prove/fault_table_test.cpp compares with the solver.
const std::vector<Counterexample>& counterexamples();

}  // namespace attest::check
