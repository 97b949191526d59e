// Relations between the base call and others: the same bits, or both within their own certified bounds.
#pragma once

#include "laws/law.hpp"

namespace attest::laws {

/// Requires that every call gives the bits of the base result (times its factor) at counterparts. -0 equals
/// +0. Places where the base result is NaN are left to the law "definition". Under a contract that lets the
/// bits of calls differ it is relate_within_bounds.
Relation relate_bits(Subject& subject, const std::vector<Call>& calls, const CallResults& results);

/// Judges each call's result by the bound of its own problem, and the base result by its own. The law is
/// broken if one of two counterparts is outside its bound and the other is not, or if both are outside and
/// differ by more than the sum of their bounds. The two results then differ by more than rounding, and the
/// call's problem is a counterexample by itself. If both are outside and agree, only the law "definition"
/// reports the fault. The relation also reports whether the numbers agree bit for bit.
Relation relate_within_bounds(Subject& subject, const std::vector<Call>& calls, const CallResults& results);

/// relate_bits if `exact`, otherwise relate_within_bounds.
Relation relate_bits_if(bool exact, Subject& subject, const std::vector<Call>& calls,
                        const CallResults& results);

}  // namespace attest::laws
