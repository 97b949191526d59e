// A row that sees no key gives exactly 0, with lse -inf (the sink where there is one), and has no effect on
// others.
//
// For the last part the queries of empty rows are replaced: no other row may change by a bit. That holds
// while a row's running maximum is over its own visible keys, so not for contracts with a lazy rescale (tau >
// 0), which may decide for a whole tile of rows.

#include <algorithm>
#include <cmath>

#include "laws/catalogue.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/relations/breaches.hpp"
#include "laws/relations/compare.hpp"
#include "laws/relations/sentence.hpp"
#include "numerics/random_value.hpp"
#include "oracle/contract/exactness.hpp"
#include "oracle/contract/questions.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::laws {
namespace {

bool is_empty(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i) {
  for (std::int64_t j = 0; j < p.kv_len(); ++j) {
    if (oracle::visible(p, b, h, i, j)) return false;
  }
  return true;
}

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  bool any = false;
  for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t i) { any = any || is_empty(p, b, h, i); });
  return any ? "" : "every row sees a key";
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet& contract) {
  if (!oracle::shifts_are_own(contract) || !oracle::repeats_bits(contract) || shares_storage(p.q)) return {};
  Call call{"other queries in rows that see no key", p};
  bool others = false;
  for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
    if (!is_empty(p, b, h, i)) {
      others = true;
      return;
    }
    for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
      call.problem.q.set({b, h, i, c}, 4 * random_unit(static_cast<std::uint64_t>(i * 89 + h * 7 + c)) - 2);
    }
  });
  if (!others) return {};
  return {std::move(call)};
}

Relation relate(Subject& subject, const std::vector<Call>& made, const CallResults& results) {
  const Problem& p = subject.problem();
  Relation relation{
      breach_among(subject, [&](const oracle::Element& e) { return is_empty(p, e.b, e.h, e.i); }),
      std::nullopt};
  if (relation.breach || made.empty() || !results.front()) return relation;
  const Comparison comparison =
      compare_bits(subject.base().result, *results.front(), NaNs::skipped,
                   [&](std::int64_t b, std::int64_t h, std::int64_t i) { return !is_empty(p, b, h, i); });
  relation.bitwise = comparison.differing == 0;
  if (comparison.differing == 0) return relation;
  const oracle::Element& worst = comparison.worst.front();
  relation.breach = Breach{FindingKind::wrong_value, made.front().variant, comparison.worst,
                           made.front().variant + " " + change_sentence(p, worst)};
  return relation;
}

}  // namespace

Law empty_law() {
  return {.id = LawId::empty, .on_kernels = "exact", .why_not = why_not, .calls = calls, .relate = relate};
}

}  // namespace attest::laws
