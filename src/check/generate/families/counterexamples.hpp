// The smallest inputs on which a wrong recurrence fails, as a solver found them: a proof that fails becomes a
// test that catches.
#pragma once

#include <string_view>
#include <vector>

namespace attest {

/// `count` keys of one weight e^score and one value.
struct CounterexampleKey {
  double weight;
  double value;
  int count;
  friend bool operator==(const CounterexampleKey&, const CounterexampleKey&) = default;
};

struct Counterexample {
  std::string_view fault;    ///< its number in the list of faults
  std::string_view theorem;  ///< that it refutes
  std::vector<CounterexampleKey> keys;
};

/// As proofs/fault_table.cpp lists the faults. tests/prove/fault_table_test.cpp compares with the solver.
const std::vector<Counterexample>& counterexamples();

}  // namespace attest
