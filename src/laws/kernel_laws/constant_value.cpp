// V = c for all keys gives c; with a sink, c times the visible share.
//
// What it makes visible: sum p_j (v_j - o) = 0 term by term, so every error that numerator and denominator
// share drops out of the certified bound and what remains is a few roundings. A rescale of only one of the
// two, a denominator in base 2, or an unnormalised row shows at any size, where other inputs hide it in the
// spread of V.

#include "laws/catalogue.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/relations/breaches.hpp"
#include "numerics/random_value.hpp"
#include "problem/key_value.hpp"

namespace attest::laws {
namespace {

// Calls for each (batch, key/value head, channel) with its keys that some row sees.
template <class Visit>
void for_each_column(const Problem& p, Visit visit) {
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t g = 0; g < p.kv_heads(); ++g) {
      const std::vector<bool> seen = seen_keys(p, b, g);
      for (std::int64_t c = 0; c < p.v_dim(); ++c) visit(b, g, c, seen);
    }
  }
}

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  bool constant = true;
  for_each_column(p, [&](std::int64_t b, std::int64_t g, std::int64_t c, const std::vector<bool>& seen) {
    std::optional<double> first;
    for (std::int64_t j = 0; j < p.kv_len(); ++j) {
      if (!seen[static_cast<std::size_t>(j)]) continue;
      const double v = KeyValue(p).value(b, g, j, c);
      if (!first) first = v;
      if (!(v == *first)) constant = false;
    }
  });
  return constant ? "" : "the visible values of some channel differ";
}

std::optional<Problem> prepare(const Problem& problem, std::uint64_t seed) {
  Problem p = problem;
  for_each_column(p, [&](std::int64_t b, std::int64_t g, std::int64_t c, const std::vector<bool>& seen) {
    const double value = 1 + random_unit(seed + static_cast<std::uint64_t>((b * 64 + g) * 4096 + c));
    // Keys that no row sees carry another value, so that a leak of one shows too.
    const bool tag = !shares_storage(p.v);
    for (std::int64_t j = 0; j < p.kv_len(); ++j) {
      set_value(p, b, g, j, c, seen[static_cast<std::size_t>(j)] || !tag ? value : -8 * value);
    }
  });
  return p;
}

Relation relate(Subject& subject, const std::vector<Call>&, const CallResults&) {
  return {breach_among(subject, [](const oracle::Element& e) { return e.in(Output::out); }), std::nullopt};
}

}  // namespace

Law constant_value_law() {
  return {.id = LawId::constant_value,
          .on_kernels = "certified bound",
          .why_not = why_not,
          .prepare = prepare,
          .relate = relate,
          .meets_lattice = false};
}

}  // namespace attest::laws
