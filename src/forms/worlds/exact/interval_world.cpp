#include "forms/worlds/exact/interval_world.hpp"

namespace attest::forms {

std::unique_ptr<FormWorld> make_interval_world() { return std::make_unique<WorldOf<IntervalWorld>>(); }

}  // namespace attest::forms
