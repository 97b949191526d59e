// What the theorems say of a mutant of src/attention: refuted by one of them, or not.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "prove/theorem.hpp"

namespace attest::prove {

enum class Fate : std::uint8_t {
  refuted,    ///< a goal is false on numbers that keep the theorem's hypotheses
  stopped,    ///< the program that a theorem runs crashed, threw or did not end
  disproved,  ///< by Z3: unknown operations or functions that make a goal false
  survived,
};
const char* name_of(Fate fate);

struct Finding {
  Fate fate = Fate::survived;
  std::string theorem, goal;
};

/// A theorem and points at which its hypotheses hold and the right program keeps all its goals.
struct Examination {
  Theorem theorem;
  Obligation obligation;
  std::vector<Model> points;
};

/// Of the theorems that run src/attention, in their order. Throws std::runtime_error if no point of a theorem
/// keeps its hypotheses, or a goal fails at one.
std::vector<Examination> examinations(const std::vector<Theorem>& theorems, std::size_t points,
                                      std::uint64_t seed);

/// Runs mutant `number` (0: the right program) in a process of its own: at the points of each examination, up
/// to the first refutation; then asks Z3 for each goal about unknown operations or functions whose script the
/// mutant changes.
Finding examine(int number, const std::vector<Examination>& examinations);

}  // namespace attest::prove
