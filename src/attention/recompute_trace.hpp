// What an evaluator of many layers tells of its run, event by event, so that the Horn clauses of proofs/chc
// can be replayed against the code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace attest {

/// Level 0 is the embedding of a token, level n >= 1 the output of layer n.
struct EvaluatorEvent {
  enum class Kind : std::uint8_t {
    enter,  ///< the evaluation of `level` at `token` begins; its own words are live
    loop,   ///< inside it, the input of token `index` < token is about to be evaluated
    leave,  ///< it ends; its own words are still live
  };
  Kind kind;
  std::size_t level;
  std::size_t token;
  std::size_t index;       ///< of loop; else 0
  std::size_t live_words;  ///< in use at this moment, by all evaluations that have begun and not ended
};

/// Writes a trace down. An evaluator takes any type with this member.
struct RecordedTrace {
  std::vector<EvaluatorEvent> events;
  void operator()(const EvaluatorEvent& event) { events.push_back(event); }
};

struct NoTrace {
  void operator()(const EvaluatorEvent&) const {}
};

}  // namespace attest
