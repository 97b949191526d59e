// What an evaluator tells about its course, for those who replay or count it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace attest {

/// Says nothing and costs nothing. A trace has these members; none may allocate where the evaluator must not.
struct NoTrace {
  /// A row's evaluation at a level (1 to layers) begins: it takes a frame of `frame_words` words.
  void enter(std::size_t /*level*/, std::size_t /*t*/, std::size_t /*frame_words*/) const noexcept {}
  /// The row at (level, t) is about to read the key of row j.
  void loop(std::size_t /*level*/, std::size_t /*t*/, std::size_t /*j*/) const noexcept {}
  /// The row is done, and its frame free, but for the output: that is read before the frame is taken again.
  void leave(std::size_t /*level*/, std::size_t /*t*/, std::size_t /*frame_words*/) const noexcept {}
  /// The input of row j is read where the level below is not evaluated: its embedding, or a cached output.
  void leaf(std::size_t /*j*/) const noexcept {}
  /// A key is absorbed by a row: one step of the recurrence in every head, the row's own key included.
  void step() const noexcept {}
};

/// Counts leaves and steps.
struct CountingTrace {
  std::uint64_t* leaves;
  std::uint64_t* steps;

  void enter(std::size_t, std::size_t, std::size_t) const noexcept {}
  void loop(std::size_t, std::size_t, std::size_t) const noexcept {}
  void leave(std::size_t, std::size_t, std::size_t) const noexcept {}
  void leaf(std::size_t) const noexcept { ++*leaves; }
  void step() const noexcept { ++*steps; }
};

}  // namespace attest
