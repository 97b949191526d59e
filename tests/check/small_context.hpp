// What generators draw in tests: small problems only.
#pragma once

#include "check/outline/gen_context.hpp"

namespace attest::check {

inline GenContext small_context() {
  GenContext context;
  context.large_share = 0;
  context.usual_work = 3e3;
  return context;
}

}  // namespace attest::check
