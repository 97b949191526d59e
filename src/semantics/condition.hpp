// The condition type of semantics whose numbers are concrete.
#pragma once

namespace attest::semantics {

/// A truth value that generic code cannot branch on: only the semantics that made it reads `holds`.
struct Condition {
  bool holds;
};

}  // namespace attest::semantics
