// The families of generated problems: RapidCheck generators with their shrinker, for properties and campaigns
// alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string_view>
#include <vector>

#include <rapidcheck/Gen.h>

#include "check/outline/gen_context.hpp"
#include "check/shrink/shrink.hpp"
#include "problem/problem.hpp"

namespace attest {

enum class FamilyId : std::uint8_t {
#define FAMILY(id) id,
#include "check/generate/families.def"
};

struct Family {
  std::string_view name;
  std::string_view reason;  ///< what it makes visible
  bool generic;             ///< fit for statistics over typical inputs
  int share;                ///< of a campaign's cases, relative to the others'
  /// Satisfies why_invalid, and the limits of the context's contract.
  Problem (*draw)(Draw& draw, const GenContext& context);
  /// Whether nearly all of its outputs have a certificate that says something. Where not, because scores are
  /// so large that their errors exceed any, few certificates are no reason for mistrust.
  bool certified = true;
};

/// In the order of reports, which is that of FamilyId.
const std::vector<Family>& families();
/// Where the family stands in families().
constexpr std::size_t index_of(FamilyId id) { return static_cast<std::size_t>(id); }

/// Problems of one family. The size parameter is ignored; shrinks are those of shrinks_of.
rc::Gen<Problem> problems(const Family& family, GenContext context = {});
/// A problem with the tree of its shrinks.
rc::Shrinkable<Problem> shrinkable(Problem problem, ShrinkRegion within = {});
/// Of all families, by their shares.
rc::Gen<Problem> any_problem(GenContext context = {});

/// For RapidCheck's messages: the shape, and the values of small problems.
void showValue(const Problem& problem, std::ostream& out);

}  // namespace attest
