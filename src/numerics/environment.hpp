// The floating-point environment that every certificate assumes.
#pragma once

namespace attest {

/// Throws std::logic_error unless rounding is to nearest and subnormals are neither flushed on input nor on
/// output. A library built with -ffast-math changes this for whoever loads it; the oracle asks before each
/// batch.
void require_default_environment();

}  // namespace attest
