#include "oracle/double_double/tier.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "oracle/blocked/head.hpp"
#include "oracle/blocked/rounding.hpp"
#include "oracle/blocked/score_terms.hpp"
#include "oracle/definition/head_terms.hpp"
#include "oracle/definition/visible.hpp"
#include "problem/key_value.hpp"

namespace attest::oracle::dd {
namespace {

constexpr auto kKeys = static_cast<std::int64_t>(kTileKeys);
constexpr auto kPanel = static_cast<std::int64_t>(kPanelKeys);

// Infinite for what is not finite, and it stays so.
void widen(double& most, double x) { most = std::max(most, std::isfinite(x) ? x : HUGE_VAL); }

void widen(Head& head, const double* key, const double* value) {
  widen(head.key_norm, blocked::norm_above(key, static_cast<std::int64_t>(head.qk_dim)));
  for (std::size_t c = 0; c < head.v_dim; ++c) widen(head.value_max[c], std::fabs(value[c]));
}

// The panels of a tile that hold keys of `range`.
struct Span {
  std::size_t first = 0, last = 0;
  Span(const KeyRange& range, std::int64_t tile_begin) {
    const std::int64_t from = std::clamp<std::int64_t>(range.begin - tile_begin, 0, kKeys);
    const std::int64_t to = std::clamp<std::int64_t>(range.end - tile_begin, 0, kKeys);
    if (from >= to) return;
    first = static_cast<std::size_t>(from / kPanel);
    last = static_cast<std::size_t>((to + kPanel - 1) / kPanel);
  }
};

// A group of a problem's rows with what hides keys from them.
class ProblemGroup {
 public:
  ProblemGroup(const Problem& problem, const Head& head, const blocked::ScoreTerms& terms, std::int64_t b,
               std::int64_t h, std::span<const std::int64_t> rows)
      : group_(head, rows.size()), terms_(terms), rows_(rows) {
    std::vector<double> q(head.qk_dim);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      row_terms_.push_back(terms.row(rows[i]));
      const blocked::RowTerms& row = row_terms_.back();
      load_row(problem.q, b, h, rows[i], q.data());
      group_.set_row(i, q.data(), static_cast<double>(row.visible),
                     blocked::up(row.bias_abs + row.alibi_abs));
      if (row.visible == 0) continue;
      if (range_.begin >= range_.end) range_ = row.range;
      range_ = {std::min(range_.begin, row.range.begin), std::max(range_.end, row.range.end)};
    }
    group_.start();
    if (!group_.usable()) range_ = {};
  }

  const KeyRange& range() const { return range_; }
  const Group& group() const { return group_; }

  void visit(const Tile& tile, std::int64_t tile_begin, bool first_pass, Scratch& scratch) {
    const Span span(range_, tile_begin);
    if (span.first == span.last || (first_pass && !group_.needs_largest())) return;
    for (std::size_t i = 0; i < row_terms_.size(); ++i) {
      terms_.exact(rows_[i], row_terms_[i], tile_begin, kKeys, scratch.bias.get() + i * kTileKeys,
                   scratch.distance.get() + i * kTileKeys);
    }
    if (first_pass) {
      group_.find_largest(tile, span.first, span.last, scratch);
    } else {
      group_.add(tile, span.first, span.last, scratch);
    }
  }

 private:
  Group group_;
  const blocked::ScoreTerms& terms_;
  std::span<const std::int64_t> rows_;
  std::vector<blocked::RowTerms> row_terms_;
  KeyRange range_{};
};

// Reads keys and values [begin, end) of a head into a tile; what is beyond `end` keeps what it held, which no
// row sees.
class TileReader {
 public:
  TileReader(const Problem& problem, const Head& head, std::int64_t b, std::int64_t kv_head)
      : problem_(problem), head_(head), b_(b), kv_head_(kv_head), row_(std::max(head.qk_dim, head.v_dim)) {}

  void read(std::int64_t begin, std::int64_t end, bool values, Tile& tile) {
    for (std::int64_t j = begin; j < std::min(begin + kKeys, end); ++j) {
      const auto at = static_cast<std::size_t>(j - begin);
      KeyValue(problem_).load_key(b_, kv_head_, j, row_.data());
      tile.set_key(at, row_.data());
      if (!values) continue;
      KeyValue(problem_).load_value(b_, kv_head_, j, row_.data());
      tile.set_value(at, row_.data(), head_.v_dim);
    }
  }

 private:
  const Problem& problem_;
  const Head& head_;
  std::int64_t b_, kv_head_;
  std::vector<double> row_;
};

}  // namespace

Head head_of(const Problem& problem, std::int64_t b, std::int64_t h) {
  Head head;
  head.qk_dim = static_cast<std::size_t>(problem.qk_dim());
  head.v_dim = static_cast<std::size_t>(problem.v_dim());
  const HeadTerms terms = head_terms(problem, h);
  head.scale = terms.scale;
  head.softcap = terms.softcap;
  head.value_max.resize(head.v_dim);
  if (problem.alibi_slopes) head.slope = terms.slope;
  head.sink = terms.sink;
  std::vector<double> key(head.qk_dim);
  std::vector<double> value(head.v_dim);
  for (std::int64_t j = 0; j < keys_of(problem, b); ++j) {
    KeyValue(problem).load_key(b, kv_head_of(problem, h), j, key.data());
    KeyValue(problem).load_value(b, kv_head_of(problem, h), j, value.data());
    widen(head, key.data(), value.data());
  }
  return head;
}

void sharpen_rows(const Problem& problem, const Head& head, std::int64_t b, std::int64_t h,
                  std::span<const std::int64_t> rows,
                  const std::function<void(std::int64_t, const SharpRow&)>& take) {
  const blocked::ScoreTerms terms(problem, b, h);
  std::vector<ProblemGroup> groups;
  KeyRange all{problem.kv_len(), 0};
  bool two_passes = false;
  for (std::size_t i = 0; i < rows.size(); i += kGroupRows) {
    groups.emplace_back(problem, head, terms, b, h, rows.subspan(i, std::min(kGroupRows, rows.size() - i)));
    const KeyRange& range = groups.back().range();
    if (range.begin < range.end) all = {std::min(all.begin, range.begin), std::max(all.end, range.end)};
    two_passes = two_passes || groups.back().group().needs_largest();
  }
  Tile tile(head.qk_dim, head.channels());
  TileReader reader(problem, head, b, kv_head_of(problem, h));
  Scratch scratch;
  for (const bool first_pass : {true, false}) {
    if (first_pass && !two_passes) continue;
    for (std::int64_t j = all.begin / kKeys * kKeys; j < all.end; j += kKeys) {
      reader.read(j, keys_of(problem, b), !first_pass, tile);
      for (ProblemGroup& group : groups) group.visit(tile, j, first_pass, scratch);
    }
  }
  SharpRow row;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    groups[i / kGroupRows].group().finish(i % kGroupRows, row);
    take(rows[i], row);
  }
}

void sharpen_rows(const Problem& problem, const Head& head, std::int64_t b, std::int64_t h,
                  std::int64_t begin, std::int64_t end,
                  const std::function<void(std::int64_t, const SharpRow&)>& take) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(std::max<std::int64_t>(0, end - begin)));
  std::iota(rows.begin(), rows.end(), begin);
  sharpen_rows(problem, head, b, h, rows, take);
}

SharpRow sharpen(const Row& row) {
  Head head;
  head.qk_dim = static_cast<std::size_t>(row.qk_dim);
  head.v_dim = static_cast<std::size_t>(row.v_dim);
  head.scale = row.scale;
  head.softcap = row.softcap;
  if (!row.distance.empty()) head.slope = row.slope;
  head.sink = row.sink;
  head.value_max.resize(head.v_dim);
  double terms = 0;
  const auto term = [&](const std::vector<double>& of, std::int64_t j) {
    return of.empty() ? 0.0 : of[static_cast<std::size_t>(j)];
  };
  for (std::int64_t j = 0; j < row.keys; ++j) {
    widen(head, row.k.data() + j * row.qk_dim, row.v.data() + j * row.v_dim);
    terms = std::max(terms, std::fabs(term(row.bias, j)) + std::fabs(row.slope * term(row.distance, j)));
  }
  Group group(head, 1);
  group.set_row(0, row.q.data(), static_cast<double>(row.keys), blocked::up(terms));
  group.start();
  SharpRow result;
  if (!group.usable()) return result;
  Tile tile(head.qk_dim, head.channels());
  Scratch scratch;
  for (const bool first_pass : {true, false}) {
    if (first_pass && !group.needs_largest()) continue;
    for (std::int64_t begin = 0; begin < row.keys; begin += kKeys) {
      const std::int64_t n = std::min(kKeys, row.keys - begin);
      for (std::int64_t j = 0; j < kKeys; ++j) {
        const auto at = static_cast<std::size_t>(j);
        scratch.bias[at] = j < n ? term(row.bias, begin + j) : -HUGE_VAL;
        scratch.distance[at] = j < n ? term(row.distance, begin + j) : 0;
        if (j >= n) continue;
        tile.set_key(at, row.k.data() + (begin + j) * row.qk_dim);
        tile.set_value(at, row.v.data() + (begin + j) * row.v_dim, head.v_dim);
      }
      const Span span({0, n}, 0);
      if (first_pass) {
        group.find_largest(tile, span.first, span.last, scratch);
      } else {
        group.add(tile, span.first, span.last, scratch);
      }
    }
  }
  group.finish(0, result);
  return result;
}

}  // namespace attest::oracle::dd
