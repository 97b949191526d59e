// The events of an evaluator, for code that replays or counts them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace attest::attention {

/// Says nothing and costs nothing. A trace has these members; none may allocate where the evaluator must not.
struct NoTrace {
  /// A row's evaluation at a level (1 to layers) begins: it takes a frame of `frame_words` words.
  void enter(std::size_t /*level*/, std::size_t /*t*/, std::size_t /*frame_words*/) const noexcept {}
  /// The row at (level, t) is about to read the key of row j.
  void loop(std::size_t /*level*/, std::size_t /*t*/, std::size_t /*j*/) const noexcept {}
  /// The row is done, and its frame free, but for the output: that is read before the frame is taken again.
  void leave(std::size_t /*level*/, std::size_t /*t*/, std::size_t /*frame_words*/) const noexcept {}
  /// The embedding of row j is read from the tape: a leaf evaluation.
  void leaf(std::size_t /*j*/) const noexcept {}
  /// The input of row j to a higher layer is read from a cache instead of being evaluated.
  void cached(std::size_t /*j*/) const noexcept {}
  /// A key is absorbed by a row: one step of the recurrence in every head, the row's own key included.
  void step() const noexcept {}
};

/// What an evaluator did, in units that do not depend on the sizes of the model.
struct Work {
  std::uint64_t leaves = 0;  ///< embeddings read
  std::uint64_t cached = 0;  ///< outputs of lower layers read from a cache
  std::uint64_t steps = 0;   ///< keys absorbed by rows, over all layers
  friend constexpr bool operator==(const Work&, const Work&) = default;
};

struct WorkTrace : NoTrace {
  Work* work;  ///< not owned

  explicit WorkTrace(Work* counted) : work(counted) {}
  void leaf(std::size_t) const noexcept { ++work->leaves; }
  void cached(std::size_t) const noexcept { ++work->cached; }
  void step() const noexcept { ++work->steps; }
};

}  // namespace attest::attention
