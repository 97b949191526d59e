// The acceptance rules of other test suites, restated from their sources: what they draw, and when they
// accept.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "problem/dtype.hpp"

namespace attest::check {

enum class PeerFill : std::uint8_t { normal, uniform };
struct PeerInputs {
  PeerFill fill = PeerFill::normal;
  double factor = 1;             ///< deviation of normal numbers, width of uniform ones
  double low = 0;                ///< of uniform ones
  double query_per_softcap = 0;  ///< the query is multiplied by this and the softcap; 0: it is not
};

enum class PeerTest : std::uint8_t {
  close,          ///< |got - reference| <= atol + rtol |reference|, every output
  twice_unfused,  ///< largest error <= 2 times that of unfused attention in the type of the problem
  /// The same, and twice what adding and subtracting 0.3 does to the reference; 3 times with a softcap.
  twice_unfused_and_rounding,
  four_unfused,  ///< largest error <= 4 times that of unfused attention, or atol
  mean_square,   ///< sum of squared errors <= atol * sum of squared outputs
  max_and_mean,  ///< largest error < atol and mean error < rtol
  /// Largest error <= atol times the 95th percentile of those of correct kernels.
  envelope,
};

/// What of a rule was compared with its source: "rule, inputs", and the commit; where none is known, a copy.
struct PeerReading {
  std::string_view parts, commit;
};

struct PeerLimits {
  double atol = 0, rtol = 0;
};

struct PeerRule {
  std::string_view name;
  std::string_view source;    ///< what it was restated from
  PeerReading read;           ///< no parts: nothing was compared
  std::string_view sentence;  ///< when it accepts
  std::string_view inputs_sentence;
  PeerTest test = PeerTest::close;
  std::optional<PeerLimits> f32, f16, bf16;  ///< none: the suite does not test this type
  PeerInputs inputs;
  double scale = 0;  ///< of scores; 0: 1/sqrt(dim)
  /// "b1 h2/1 q113 k203 d64", then what else the problem has: top-left or bottom-right (causality), window
  /// (both limits drawn below the number of keys) or window=LEFT:RIGHT, alibi (the slopes of its paper),
  /// softcap=N, sink=LOW:HIGH (uniform), kv_lens (drawn), and bias (drawn as the inputs).
  std::vector<std::string_view> shapes;

  const std::optional<PeerLimits>& limits(DType dtype) const;
};

const std::vector<PeerRule>& peer_rules();

}  // namespace attest::check
