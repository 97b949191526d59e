// Relations between the base call and others: the same bits, or both within their own certified bounds.
#pragma once

#include "laws/law.hpp"

namespace attest {

/// Every call gives the bits of the base result at its counterparts (times its factor); -0 equals +0, and
/// places where the base result is NaN are left to the law "definition".
Relation relate_bits(Subject& subject, const std::vector<Call>& calls, const CallResults& results);

/// Each call's result is judged by the certified bound of its own problem, beside the base result by that of
/// its own. The law is broken where one of two counterparts is outside its bound and the other is not, or
/// both are and differ by more than the sum of their bounds: the two sides then differ by more than rounding,
/// and the call's problem is a counterexample of its own. Where both are outside and agree, the law
/// "definition" alone reports the fault. Whether the numbers agree bit for bit is reported.
Relation relate_within_bounds(Subject& subject, const std::vector<Call>& calls, const CallResults& results);

/// Both in one: bits where `exact`, else bounds.
Relation relate_bits_if(bool exact, Subject& subject, const std::vector<Call>& calls,
                        const CallResults& results);

}  // namespace attest
