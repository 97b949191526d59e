// What the promises ask of a case: whether its problem would show that a kernel breaks one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "check/campaign/case_plan.hpp"
#include "check/outline/features.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::check::promised {

inline constexpr std::int64_t k2To31 = std::int64_t{1} << 31;

bool any_key(const Problem& p);

template <class Test>
bool some_row(const Problem& p, Test test) {
  bool found = false;
  laws::for_each_row(p, [&](auto b, auto h, auto i) { found = found || test(b, h, i); });
  return found;
}

template <class Test>
bool some_batch(const Problem& p, Test test) {
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    if (test(b)) return true;
  }
  return false;
}

bool sees_a_key(const Problem& p);

/// Whether some row would see another key, were the problem as `changed`.
template <class Change>
bool hides(const Problem& p, Change change) {
  if (!any_key(p)) return false;
  Problem changed = p;
  change(changed);
  return some_row(p, [&](auto b, auto h, auto i) {
    return oracle::visible_keys(p, b, h, i) != oracle::visible_keys(changed, b, h, i);
  });
}

/// Whether some element passes.
bool holds(const std::optional<Tensor>& t, bool (*test)(double));
/// Whether some element is not the first.
bool differs(const std::optional<Tensor>& t);
bool has(const Problem& p, Feature feature);
/// Whether bias or mask has its own slice for each index of an axis, or one for all of several.
bool own(const Problem& p, std::size_t axis);
bool shared(const Problem& p, std::size_t axis, std::int64_t extent);
bool windowed(const Problem& p);
bool positions_matter(const Problem& p);
bool all_masked(const Problem& p);
bool some_empty_row(const Problem& p);
/// A tile of 8 keys that a row sees nothing of, though it sees a later key.
bool has_empty_tile(const Problem& p);
bool finite_sink(const Problem& p);
bool not_packed(const Tensor& t);
bool not_packed(const std::optional<Tensor>& t);
bool stride_0(const Tensor& t);
/// A gap between two rows that some element lies behind.
bool padded(const Tensor& t);
bool is_dtype(const Problem& p, DType q);
/// Whether the law is put to the case and applies to it.
bool applies(const CasePlan& plan, laws::LawId id);
bool meets_nan(const CasePlan& plan);

}  // namespace attest::check::promised

// A predicate on a case whose problem is `p`.
#define ATTEST_CASE(condition)                        \
  +[](const CasePlan& plan) -> bool {                 \
    [[maybe_unused]] const Problem& p = plan.problem; \
    return condition;                                 \
  }
