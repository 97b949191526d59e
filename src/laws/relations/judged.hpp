// What laws that rest on the certified bound share: picking from a judgement.
#pragma once

#include <functional>
#include <optional>

#include "laws/law.hpp"

namespace attest {

/// The breach made of the judged violations that `concerns` picks; none when it picks none. Kind nan when the
/// worst is not finite, lse when it is a finite lse, else wrong-value; the summary is that of the worst.
std::optional<Breach> breach_among(Subject& subject, const std::function<bool(const Element&)>& concerns);

/// A breach of these elements (at least one), as above.
Breach breach_of_elements(const Problem& problem, std::vector<Element> elements);

}  // namespace attest
