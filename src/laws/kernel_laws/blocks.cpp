// The result does not depend on how the work is cut: on pages, tiles and splits over the keys, or on how a
// batch is packed.
//
// Through the ABI three of these can be moved: padding behind kv_lens adds pages and tiles; the keys in two
// parts are a split, whose results a user merges by their lses (each part is judged by its own bound, and the
// merge of exact parts is the whole); batches in reverse are another packing.

#include <algorithm>

#include "laws/catalogue.hpp"
#include "laws/inputs/edit.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/relations/two_runs.hpp"
#include "numerics/random_value.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  return p.batch() * p.q_len() * p.kv_len() == 0 ? "there is no row or no key" : "";
}

// So many more keys behind the lengths, copies of the last.
Problem padded(const Problem& problem, std::int64_t count) {
  std::vector<std::int64_t> keys = first_indices(problem.kv_len());
  keys.insert(keys.end(), static_cast<std::size_t>(count), problem.kv_len() - 1);
  Problem p = with_keys(problem, keys);
  p.kv_lens = Tensor(DType::i32, {p.batch()});
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    p.kv_lens->set({b}, static_cast<double>(oracle::keys_of(problem, b)));
  }
  return p;
}

Call part(const Problem& p, const char* variant, std::int64_t from, std::int64_t to) {
  std::vector<std::int64_t> keys;
  for (std::int64_t j = from; j < to; ++j) keys.push_back(j);
  Call call{variant, with_keys(p, keys)};
  call.same_number = false;
  return call;
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet&) {
  std::vector<Call> made{{"17 more keys past kv_lens", padded(p, 17)}};
  if (p.kv_len() > 1 && !positional(p)) {
    const std::int64_t cut =
        1 + random_below(static_cast<std::uint64_t>(p.kv_len() * 3 + p.q_len()), p.kv_len() - 1);
    made.push_back(part(p, "the first part of the keys alone", 0, cut));
    made.push_back(part(p, "the second part of the keys alone", cut, p.kv_len()));
  }
  if (p.batch() > 1) {
    std::vector<std::int64_t> batches = first_indices(p.batch());
    std::reverse(batches.begin(), batches.end());
    made.push_back({"the batches in reverse", with_batches(p, batches)});
    made.back().counterpart = [last = p.batch() - 1](const Place& at) {
      return Place{last - at.b, at.h, at.i, at.output, at.channel};
    };
  }
  return made;
}

}  // namespace

Law blocks_law() {
  return {.id = LawId::blocks,
          .on_kernels = "certified bound",
          .why_not = why_not,
          .calls = calls,
          .relate = relate_within_bounds,
          .share = 0.1};
}

}  // namespace attest::laws
