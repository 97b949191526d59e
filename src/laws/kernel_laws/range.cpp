// The output lies between the smallest and the largest visible value, 0 included where there is a sink.
//
// On a kernel both ends are widened by the element's certified bound E (and the reference's radius). The
// exact output o lies in the range and a correct kernel's within E of o, so only elements outside their bound
// can break this law; it says of them that no weighting at all of the visible values gives what came out.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "laws/catalogue.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/relations/breaches.hpp"
#include "laws/relations/sentence.hpp"
#include "oracle/definition/visible.hpp"
#include "problem/key_value.hpp"

namespace attest::laws {
namespace {

struct Range {
  double low = HUGE_VAL, high = -HUGE_VAL;
};

Range range_of(const Problem& p, const oracle::Element& e) {
  Range range;
  if (has_sink(p, e.h)) range = {0, 0};
  for (const std::int64_t j : oracle::visible_keys(p, e.b, e.h, e.i)) {
    const double v = KeyValue(p).value(e.b, oracle::kv_head_of(p, e.h), j, e.channel);
    range.low = std::min(range.low, v);
    range.high = std::max(range.high, v);
  }
  return range;
}

bool outside(const Problem& p, const oracle::Element& e) {
  if (e.in(Output::lse)) return false;
  const Range range = range_of(p, e);
  if (range.low > range.high) return false;  // an empty row has no range; the law "empty" wants 0 there
  return !(e.got >= range.low - e.bound && e.got <= range.high + e.bound);
}

std::string why_not(const Problem&, const oracle::ContractSet&) { return ""; }

Relation relate(Subject& subject, const std::vector<Call>&, const CallResults&) {
  const Problem& p = subject.problem();
  Relation relation{breach_among(subject, [&](const oracle::Element& e) { return outside(p, e); }),
                    std::nullopt};
  if (relation.breach) {
    const oracle::Element& worst = relation.breach->elements.front();
    const Range range = range_of(p, worst);
    relation.breach->summary =
        fmt::format("returns {} where {} sees only values from {} to {}", short_number(worst.got),
                    where(p, worst), short_number(range.low), short_number(range.high));
  }
  return relation;
}

}  // namespace

Law range_law() {
  return {.id = LawId::range, .on_kernels = "certified bound", .why_not = why_not, .relate = relate};
}

}  // namespace attest::laws
