// Which problems some operator of ONNX Runtime expresses.
#pragma once

#include <optional>

#include "kernel/adapters/request.hpp"

namespace attest::kernel::onnxruntime {

using adapters::Direction;
using adapters::Request;
using adapters::View;

/// Empty for what none of the operators expresses:
/// - lse: no operator returns it;
/// - ALiBi: no operator has it, and passing it as a bias would test this adapter's arithmetic;
/// - k and v in another element type than q: every operator wants one;
/// - no batch, no query or no key: an empty batch is an error, and no document speaks of the others;
/// - a softcap that is no float: the attribute is one.
/// The request is simplified, so that its windows are those that operators offer.
std::optional<Request> read(const attest_forward& problem);

}  // namespace attest::kernel::onnxruntime
