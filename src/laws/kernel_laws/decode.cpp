// Causal rows computed one at a time, or in chunks of queries, against a cache equal all of them together.
//
// What it adds to "definition": the same rows meet a kernel's decode path (one query, other tiles, splits
// over the keys) and every alignment of a chunk's positions with the cache, with the inputs of a prefill.

#include <algorithm>

#include <fmt/format.h>

#include "laws/catalogue.hpp"
#include "laws/inputs/edit.hpp"
#include "laws/relations/two_runs.hpp"
#include "numerics/random_value.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  if (p.causal == Causal::none) return "the problem is not causal";
  if (p.q_len() < 2 || p.kv_len() == 0) return "there are fewer than two rows, or no key";
  return p.batch() == 0 ? "there is no batch" : "";
}

// Rows [from, to) with the keys up to the last one's position, as a decoder's next step has them:
// bottom-right, or uncausal for a single row, which is the same. None where the batches' positions differ
// from that.
std::optional<Problem> chunk(const Problem& p, std::int64_t from, std::int64_t to) {
  std::vector<std::int64_t> rows;
  for (std::int64_t i = from; i < to; ++i) rows.push_back(i);
  const bool keeps_position = p.window_left != -1 || p.window_right != -1 || p.alibi_slopes;
  std::vector<std::int64_t> lengths;
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    const std::int64_t wanted = oracle::position_of(p, b, to - 1) + 1;
    const std::int64_t length = std::clamp<std::int64_t>(wanted, 0, oracle::keys_of(p, b));
    // A row past the last key sees all of them, but only a lone row may stand elsewhere, and only where
    // nothing but causality asks for its position.
    if (length != wanted && (keeps_position || to - from > 1)) return std::nullopt;
    lengths.push_back(length);
  }
  const std::int64_t longest = *std::max_element(lengths.begin(), lengths.end());
  Problem part = with_first_keys(with_queries(p, rows), longest);
  if (p.kv_lens) {
    for (std::int64_t b = 0; b < p.batch(); ++b) {
      part.kv_lens->set({b}, static_cast<double>(lengths[static_cast<std::size_t>(b)]));
    }
  }
  part.causal = to - from == 1 && p.causal == Causal::top_left ? Causal::none : Causal::bottom_right;
  return part;
}

void add(std::vector<Call>& calls, const Problem& p, std::int64_t from, std::int64_t to) {
  std::optional<Problem> part = chunk(p, from, to);
  if (!part) return;
  std::string variant = to - from == 1 ? fmt::format("row {} alone against the cache", from)
                                       : fmt::format("rows {} to {} as a chunk", from, to - 1);
  Call call{std::move(variant), std::move(*part)};
  call.counterpart = [from](const Place& at) {
    return Place{at.b, at.h, at.i + from, at.output, at.channel};
  };
  calls.push_back(std::move(call));
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet&) {
  std::vector<Call> made;
  const std::int64_t n = p.q_len();
  const std::int64_t cut = 1 + random_below(static_cast<std::uint64_t>(131 * n + p.kv_len()), n - 1);
  add(made, p, n - 1, n);
  add(made, p, cut - 1, cut);
  if (cut > 1) add(made, p, 0, 1);
  if (n - cut > 1) add(made, p, cut, n);
  if (cut > 1) add(made, p, 0, cut);
  return made;
}

}  // namespace

Law decode_law() {
  return {.id = LawId::decode,
          .on_kernels = "certified bound",
          .why_not = why_not,
          .calls = calls,
          .relate = relate_within_bounds,
          .share = 0.15};
}

}  // namespace attest::laws
