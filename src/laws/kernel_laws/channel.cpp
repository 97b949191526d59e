// Changing one channel of the values leaves every other channel of the output, bit for bit.
//
// A channel is a sum of its own: kernels that compute several in one vector, or overlap them in memory, must
// not mix them.

#include <algorithm>

#include <fmt/format.h>

#include "laws/catalogue.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/relations/two_runs.hpp"
#include "numerics/random_value.hpp"
#include "problem/key_value.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  if (shares_storage(p.v)) return "values share storage";
  return p.v_dim() < 2 ? "there is one channel" : "";
}

Call changed(const Problem& p, std::int64_t channel) {
  Call call{fmt::format("other values in channel {}", channel), p};
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t g = 0; g < p.kv_heads(); ++g) {
      for (std::int64_t j = 0; j < p.kv_len(); ++j) {
        const auto seed = static_cast<std::uint64_t>((b * 64 + g) * 65536 + j);
        set_value(call.problem, b, g, j, channel, 8 * random_unit(seed) - 20);
      }
    }
  }
  call.counterpart = [channel](const Place& at) {
    return at.channel == channel ? std::nullopt : std::optional(at);
  };
  return call;
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet&) {
  const std::int64_t last = p.v_dim() - 1;
  std::vector<Call> made{changed(p, last)};
  const std::int64_t other = random_below(static_cast<std::uint64_t>(p.kv_len() + 7 * p.v_dim()), last);
  made.push_back(changed(p, other));
  return made;
}

}  // namespace

Law channel_law() {
  return {.id = LawId::channel,
          .on_kernels = "bit for bit",
          .why_not = why_not,
          .calls = calls,
          .relate = relate_bits,
          .share = 0.08};
}

}  // namespace attest::laws
