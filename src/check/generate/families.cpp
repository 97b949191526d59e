#include "check/generate/families.hpp"

#include <ostream>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <rapidcheck/shrinkable/Create.h>

#include "check/generate/family_list.hpp"
#include "check/generate/layout/layout.hpp"
#include "check/shrink/shrink.hpp"
#include "problem/inputs.hpp"

namespace attest::check {
namespace {

const Family& draw_family(Draw& draw) {
  std::int64_t total = 0;
  for (const Family& family : families()) total += family.share;
  std::int64_t at = draw.below(total);
  for (const Family& family : families()) {
    at -= family.share;
    if (at < 0) return family;
  }
  return families().front();
}

// Where the numbers of a family are typical ones, any of its tensors can stand for another.
Problem with_shared_inputs(const Family& family, Problem problem) {
  if (family.generic) share_address(problem);
  return problem;
}

void show_tensor(std::string_view name, const Tensor& t, std::ostream& out) {
  constexpr std::int64_t kShown = 64;
  if (t.count() > kShown) return;
  out << fmt::format("\n  {} [{}] = {}", name, fmt::join(t.shape(), ", "), fmt::join(t.values(), " "));
}

}  // namespace

const std::vector<Family>& families() {
  static const std::vector<Family> list{
#define FAMILY(id) id##_family(),
#include "check/generate/families.def"
  };
  return list;
}

rc::Shrinkable<Problem> shrinkable(Problem problem, ShrinkRegion within) {
  return rc::shrinkable::shrinkRecur(
      std::move(problem), [within = std::move(within)](const Problem& p) { return shrinks_of(p, within); });
}

rc::Gen<Problem> problems(const Family& family, GenContext context) {
  return rc::Gen<Problem>([family, context = std::move(context)](const rc::Random& random, int) {
    Draw draw(random);
    return shrinkable(with_shared_inputs(family, family.draw(draw, context)));
  });
}

rc::Gen<Problem> any_problem(GenContext context) {
  return rc::Gen<Problem>([context = std::move(context)](const rc::Random& random, int) {
    Draw draw(random);
    const Family& family = draw_family(draw);
    return shrinkable(with_shared_inputs(family, family.draw(draw, context)));
  });
}

}  // namespace attest::check

namespace attest {

void showValue(const Problem& p, std::ostream& out) {
  out << describe(p) << fmt::format(" scale={}", p.scale);
  for (const Input& input : kInputs) {
    if (const Tensor* tensor = input.of(p)) check::show_tensor(input.name, *tensor, out);
  }
}

}  // namespace attest
