#include "support/term_theorem.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "numerics/draw.hpp"

namespace attest::proofs {

prove::Model drawn_failure(const std::function<prove::Replay(const prove::Model&)>& replay,
                           const std::vector<std::string>& variables, const std::string& goal,
                           unsigned seed) {
  std::uint64_t next = static_cast<std::uint64_t>(seed) << 32U;
  for (int draw = 0; draw < 300; ++draw) {
    prove::Model model;
    // Of 12 bits within 2: exact in every draw, and products of them are not.
    for (const std::string& name : variables)
      model.emplace_back(
          name, fmt::format("{:a}", (static_cast<double>(random_below(next++, 4097)) - 2048) / 1024));
    const std::vector<std::string> failed = replay(model).failed;
    if (std::find(failed.begin(), failed.end(), goal) != failed.end()) return model;
  }
  return {};
}

}  // namespace attest::proofs
