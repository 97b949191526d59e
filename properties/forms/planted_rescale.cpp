#include "forms/worlds/exact/dual_field.hpp"
#include "forms/worlds/exact/modular_field.hpp"
#include "planted_worlds.hpp"

namespace attest::properties {
namespace {

// Counts the exponentials of one run: 1 is the first key, 2 the second key or its own rescale.
template <class Field>
struct Forgetful : Field {
  struct A : Field::A {
    std::shared_ptr<int> calls = std::make_shared<int>(0);
    typename Field::A::Acc exp(const typename Field::A::Score& s) const {
      return ++*calls == 4 ? Field::A::one() : Field::A::exp(s);
    }
  };
  A semantics(const forms::RowCase& row) const { return {Field::semantics(row)}; }
};

}  // namespace

std::unique_ptr<forms::FormWorld> modular_world_without_a_rescale() {
  return std::make_unique<forms::WorldOf<forms::ExactWorld<Forgetful<forms::ModularField>>>>();
}

std::unique_ptr<forms::FormWorld> dual_world_without_a_rescale() {
  return std::make_unique<forms::WorldOf<forms::ExactWorld<Forgetful<forms::DualField>>>>();
}

}  // namespace attest::properties
