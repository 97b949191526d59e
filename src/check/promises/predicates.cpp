#include "check/promises/predicates.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace attest::check::promised {
bool any_key(const Problem& p) { return p.batch() * p.q_len() * p.kv_len() > 0; }

bool sees_a_key(const Problem& p) {
  return some_row(p, [&](auto b, auto h, auto i) { return !oracle::visible_keys(p, b, h, i).empty(); });
}

bool holds(const std::optional<Tensor>& t, bool (*test)(double)) {
  if (!t) return false;
  const std::vector<double> values = t->values();
  return std::any_of(values.begin(), values.end(), test);
}

bool differs(const std::optional<Tensor>& t) {
  if (!t) return false;
  const std::vector<double> values = t->values();
  return std::any_of(values.begin(), values.end(), [&](double x) { return x != values.front(); });
}

bool has(const Problem& p, Feature feature) { return features_of(p).has(feature); }

// Bias or mask with its own slice for each index of an axis, or with one for all of several.
bool own(const Problem& p, std::size_t axis) {
  return (p.bias && p.bias->dim(axis) > 1) || (p.mask && p.mask->dim(axis) > 1);
}
bool shared(const Problem& p, std::size_t axis, std::int64_t extent) {
  return extent > 1 && ((p.bias && p.bias->dim(axis) == 1) || (p.mask && p.mask->dim(axis) == 1));
}

bool windowed(const Problem& p) { return p.window_left != -1 || p.window_right != -1; }
bool positions_matter(const Problem& p) { return windowed(p) || p.alibi_slopes || p.causal != Causal::none; }

bool all_masked(const Problem& p) {
  return p.mask && some_row(p, [&](auto b, auto h, auto i) {
           return oracle::visible_keys(p, b, h, i).empty() && oracle::key_range(p, b, i).end > 0;
         });
}

bool some_empty_row(const Problem& p) {
  return some_row(p, [&](auto b, auto h, auto i) { return oracle::visible_keys(p, b, h, i).empty(); });
}

// A tile of 8 keys that a row sees nothing of, though it sees a later key.
bool has_empty_tile(const Problem& p) {
  return some_row(p, [&](auto b, auto h, auto i) {
    std::int64_t next = 0;  // the first tile not seen yet
    for (const std::int64_t j : oracle::visible_keys(p, b, h, i)) {
      if (j / 8 > next) return true;
      next = j / 8 + 1;
    }
    return false;
  });
}

bool finite_sink(const Problem& p) {
  return holds(p.sink, [](double x) { return x != -HUGE_VAL; });
}

bool not_packed(const Tensor& t) {
  const auto packed = row_major_strides(t.shape());
  for (std::size_t axis = 0; axis < t.rank(); ++axis) {
    if (t.dim(axis) > 1 && t.memory_strides()[axis] != packed[axis]) return t.count() > 0;
  }
  return false;
}
bool not_packed(const std::optional<Tensor>& t) { return t && not_packed(*t); }

bool stride_0(const Tensor& t) {
  for (std::size_t axis = 0; axis < t.rank(); ++axis) {
    if (t.dim(axis) > 1 && t.strides()[axis] == 0) return t.count() > 0;
  }
  return false;
}

// A gap between two rows that some element lies behind.
bool padded(const Tensor& t) {
  return t.count() > 0 && storage_elements(t.shape(), t.memory_strides()) > t.count();
}

bool is_dtype(const Problem& p, DType q) { return p.q.dtype() == q && any_key(p); }

bool applies(const CasePlan& plan, laws::LawId id) {
  const laws::Law& law = laws::law_of(id);
  const auto is_it = [&](const laws::Law* l) { return l == &law; };
  const bool asked = std::any_of(plan.laws.begin(), plan.laws.end(), is_it) ||
                     std::any_of(plan.prepared.begin(), plan.prepared.end(),
                                 [&](const PreparedLaw& prepared) { return is_it(prepared.law); });
  const auto contract = oracle::contract_for("", plan.problem.q.dtype(), plan.problem.k.dtype());
  return asked && law.why_not(plan.problem, contract).empty();
}
bool meets_nan(const CasePlan& plan) { return applies(plan, laws::LawId::nan_propagates); }

}  // namespace attest::check::promised
