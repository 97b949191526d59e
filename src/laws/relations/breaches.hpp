// Makes breaches from a judgement, for laws that rest on the certified bound.
#pragma once

#include <functional>
#include <optional>

#include "laws/law.hpp"

namespace attest::laws {

/// The breach made of the violations that `concerns` selects; none if it selects none. The kind is nan if the
/// worst violation is not finite, lse if it is a finite lse, and wrong-value otherwise. The summary describes
/// the worst.
std::optional<Breach> breach_among(Subject& subject,
                                   const std::function<bool(const oracle::Element&)>& concerns);

/// A breach of these elements (at least one), as above.
Breach breach_of_elements(const Problem& problem, std::vector<oracle::Element> elements);

}  // namespace attest::laws
