// The families of generated problems: RapidCheck generators with a shrinker, for properties and campaigns. To
// add a family, write a file in families/ and add it to family_list.hpp and to families().
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

namespace attest::check {

enum class FamilyId : std::uint8_t {
#define FAMILY(id) id,
#include "check/generate/families.def"
};

struct Family {
  std::string_view name;
  std::string_view reason;  ///< which bugs it can reveal
  bool generic;             ///< suitable for statistics over typical inputs
  int share;                ///< share of a campaign's cases, relative to the other families
  /// Draws a valid problem (see why_invalid) within the limits of the context's contract.
  Problem (*draw)(Draw& draw, const GenContext& context);
  /// Whether nearly all of its outputs have an informative bound. If false, because scores are too large, few
  /// informative bounds are no reason for the verdict "mistrusted".
  bool certified = true;
};

/// In the order of reports, which is that of FamilyId.
const std::vector<Family>& families();
/// Where the family stands in families().
constexpr std::size_t index_of(FamilyId id) { return static_cast<std::size_t>(id); }

/// Problems of one family. Ignores the size parameter; shrinks by shrinks_of.
rc::Gen<Problem> problems(const Family& family, GenContext context = {});
/// A problem with the tree of its shrinks.
rc::Shrinkable<Problem> shrinkable(Problem problem, ShrinkRegion within = {});
/// Problems of all families, by their shares.
rc::Gen<Problem> any_problem(GenContext context = {});

}  // namespace attest::check

namespace attest {

/// For RapidCheck's messages, which finds it by its argument: the shape, and the values of small problems.
void showValue(const Problem& problem, std::ostream& out);

}  // namespace attest
