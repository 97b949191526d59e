// Query rows that go through the tiles together, and what they have added up.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "oracle/blocked/envelope.hpp"
#include "oracle/blocked/finish.hpp"
#include "oracle/blocked/kernels.hpp"
#include "oracle/blocked/score_terms.hpp"
#include "oracle/blocked/tile.hpp"

namespace attest::oracle::blocked {

/// Scratch of one group in one tile.
struct GroupScratch {
  Aligned<double> scores = hwy::AllocateAligned<double>(kGroupRows * kTileKeys);  ///< then weights
  Aligned<float> spread = hwy::AllocateAligned<float>(kGroupRows * kTileKeys);    ///< w b
  Aligned<double> terms = hwy::AllocateAligned<double>(kGroupRows * kTileKeys);
};

class Group {
 public:
  /// At most kGroupRows rows, ascending; best close together, as they share constants.
  Group(const Problem& problem, const ContractSet& contract, const HeadFacts& head, std::int64_t b,
        std::int64_t h, std::span<const std::int64_t> rows);

  /// The keys that any row may see; empty where the row path must decide.
  KeyRange range() const { return range_; }
  bool needs_largest() const { return envelope_.usable && !envelope_.single_pass; }

  /// First pass, where needs_largest(): the rows' largest scores.
  void find_largest(const Tile& tile, std::int64_t tile_begin, GroupScratch& scratch);
  /// Adds a tile's keys to the sums.
  void add(const Tile& tile, std::int64_t tile_begin, GroupScratch& scratch);
  /// `row` counts from 0.
  /// Null `sharp`: what the group added up is the reference.
  void finish(std::size_t row, const SharpRow* sharp, CertifiedRow& to);

 private:
  struct Span {
    std::size_t first_panel = 0, last_panel = 0;
    std::size_t begin() const { return first_panel * kPanelKeys; }
    std::size_t end() const { return last_panel * kPanelKeys; }
  };

  void load_queries();
  void set_weighing(std::size_t row);
  Span span_in(std::int64_t tile_begin) const;
  void set_scores(const Tile& tile, const Span& span, std::int64_t tile_begin, GroupScratch& scratch) const;
  void complete_scores(std::size_t row, const Span& span, std::int64_t tile_begin,
                       GroupScratch& scratch) const;

  const Problem& problem_;
  const HeadFacts& head_;
  ScoreTerms terms_;
  std::int64_t b_, h_;
  std::vector<std::int64_t> rows_;  // their numbers in the head
  std::size_t padded_rows_, channels_;
  double scale_ = 1;
  KeyRange range_;
  GroupScope scope_;
  Envelope envelope_;
  std::array<RowTerms, kGroupRows> row_terms_;
  std::array<double, kGroupRows> query_norm_{};
  std::array<bool, kGroupRows> finite_{};
  std::array<Weighing, kGroupRows> weighing_;
  std::array<RowTally, kGroupRows> tally_;
  Aligned<double> queries_;    ///< [padded rows][qk_dim] scale * q
  Aligned<double> numerator_;  ///< [padded rows][channels]
  Aligned<float> spread_;      ///< [padded rows][channels]
};

}  // namespace attest::oracle::blocked
