#include "check/outline/gen_context.hpp"

namespace attest::check {

GenContext::GenContext() {
  for (std::size_t f = 0; f < kFeatures; ++f) chance[f] = usual_chance(static_cast<Feature>(f));
}

}  // namespace attest::check
