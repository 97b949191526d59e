// Query rows that go through the tiles together: what they have added up, and how far off it can be.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "oracle/double_double/kernels.hpp"
#include "oracle/double_double/scalar.hpp"
#include "oracle/double_double/tile.hpp"
#include "oracle/facts.hpp"

namespace attest::oracle::dd {

/// What the rows of a group share.
struct Head {
  std::size_t qk_dim = 0, v_dim = 0;
  double scale = 1, softcap = 0;
  std::optional<double> slope;  ///< none: no ALiBi
  std::optional<double> sink;
  double key_norm = 0;            ///< at least every |k_j|_2
  std::vector<double> value_max;  ///< [v_dim] at least every |v_jc|
  std::size_t channels() const { return (v_dim + kChannelStep - 1) / kChannelStep * kChannelStep; }
};

/// Of one group in one tile.
struct Scratch {
  Aligned hi = zeros(kGroupRows * kTileKeys), lo = zeros(kGroupRows * kTileKeys);
  Aligned bias = zeros(kGroupRows * kTileKeys);      ///< -infinity: the key is not visible
  Aligned distance = zeros(kGroupRows * kTileKeys);  ///< read with ALiBi only
};

class Group {
 public:
  /// `rows` <= kGroupRows; `head` must outlive the group.
  Group(const Head& head, std::size_t rows);

  /// Row i has `keys` visible keys and `q` [qk_dim]; `terms` is at least every |bias| + |slope distance|.
  void set_row(std::size_t i, const double* q, double keys, double terms);
  /// After every row is set.
  void start();

  /// False: no row can be computed. True: tiles must be added.
  bool usable() const { return usable_; }
  /// Scores may lie beyond the range of exp: every tile must go through find_largest before the first is
  /// added.
  bool needs_largest() const { return needs_largest_; }

  /// `scratch` holds bias and distance of the rows; keys outside panels [first, last) are not visible.
  void find_largest(const Tile& tile, std::size_t first, std::size_t last, Scratch& scratch);
  void add(const Tile& tile, std::size_t first, std::size_t last, Scratch& scratch);

  void finish(std::size_t i, SharpRow& to) const;

 private:
  void set_scores(const Tile& tile, std::size_t first, std::size_t last, Scratch& scratch) const;
  TileScores scores_in(Scratch& scratch) const;
  double score_error(std::size_t i) const;

  const Head& head_;
  std::size_t rows_, channels_;
  bool usable_ = false, needs_largest_ = false;
  std::vector<double> keys_, query_norm_;
  std::vector<double> magnitude_;  ///< [rows] at least |scale q.k| + |bias| + |slope distance|
  std::vector<double> reach_;      ///< [rows] at least |score|
  std::vector<Weighing> weighing_;
  std::vector<Tally> tally_;
  std::vector<double> anchors_;          ///< [rows][kPanels] of the tile that is added
  std::vector<double> anchored_;         ///< [rows] sum of the anchors so far
  double panels_ = 0;                    ///< added so far
  Aligned queries_;                      ///< [rows][qk_dim]
  Aligned numerator_hi_, numerator_lo_;  ///< [rows][channels]
  Aligned units_;                        ///< [channels] powers of two above value_max
};

}  // namespace attest::oracle::dd
