// The inner loops of the double-double tier, compiled for several instruction sets and chosen when they run.
//
// Nothing depends on the choice but speed and rounding within the errors that docs/bound-derivation.md 14
// counts.
#pragma once

#include <array>
#include <cstddef>

namespace attest::oracle::dd {

constexpr std::size_t kTileKeys = 96;   ///< keys of a tile
constexpr std::size_t kPanelKeys = 32;  ///< keys whose products are summed beside one anchor
constexpr std::size_t kPanels = kTileKeys / kPanelKeys;
constexpr std::size_t kGroupRows = 24;    ///< query rows that go through a tile together
constexpr std::size_t kChannelStep = 16;  ///< v_dim is padded to a multiple of this
constexpr std::size_t kLanes = 8;         ///< of the widest vector

/// exp of anything below is taken as 0.
constexpr double kLowest = -600;

/// How the scores of one row become weights.
struct Weighing {
  double anchor = 0;  ///< the sums of products start from it
  double scale = 1;
  double softcap = 0;                                 ///< 0: none
  double twice_inverse_hi = 0, twice_inverse_lo = 0;  ///< 2 / softcap
  double slope = 0;
  double shift = 0;
};

/// Sums of pairs side by side in the lanes of a vector; nothing depends on which lane holds what.
struct Tally {
  std::array<double, kLanes> hi{}, lo{};  ///< sum of the weights
  double largest = -1e300;                ///< largest score of a visible key
};

/// What the scores of the rows are made of in one tile; all [rows][kTileKeys].
struct TileScores {
  double* hi;
  double* lo;
  const double* bias;      ///< -infinity: the key is not visible
  const double* distance;  ///< null: no ALiBi
};

/// Sums of products of `rows` rows q [rows][qk_dim] with the keys of panels [first, last), each beside its
/// row's anchor: panels are [kPanels][qk_dim][kPanelKeys].
void scores(const double* q, std::size_t rows, std::size_t qk_dim, const double* panels, std::size_t first,
            std::size_t last, const Weighing* by, const TileScores& s);

/// Tally::largest, from the sums that scores() left.
void find_largest(const TileScores& s, std::size_t rows, std::size_t first, std::size_t last,
                  const Weighing* by, Tally* tallies);

/// Turns the sums into weights in place, adds them to the tallies, and writes the largest weight of each row
/// and panel to largest_weight [rows][kPanels].
void weigh(const TileScores& s, std::size_t rows, std::size_t first, std::size_t last, const Weighing* by,
           Tally* tallies, double* largest_weight);

/// What the weighted sum of values is added to.
struct Numerator {
  double* hi;  ///< [rows][channels]
  double* lo;
  std::size_t channels;
  const double* anchors;  ///< [rows][kPanels], times
  const double* units;    ///< [channels], is where a panel's sum starts, but not below kLowestAnchor
};
constexpr double kLowestAnchor = 0x1.8p-960;

/// Adds the weighted values [kTileKeys][channels] of panels [first, last).
void add_products(const TileScores& weights, std::size_t rows, const double* values, std::size_t first,
                  std::size_t last, const Numerator& to);

/// y[i] = exp(x[i]) for x in [-600, 400], low parts at most u of the high ones; n is a multiple of kLanes.
/// Relative error at most 2^-101 + 3 u^2 |x|.
void exponentials(const double* x_hi, const double* x_lo, double* y_hi, double* y_lo, std::size_t n);

/// y[i] = softcap tanh(x[i] / softcap), off by at most 64 u^2 softcap; n is a multiple of kLanes.
void softcaps(const double* x_hi, const double* x_lo, double softcap, double* y_hi, double* y_lo,
              std::size_t n);

/// 2 / softcap as a pair.
std::array<double, 2> twice_inverse(double softcap);

}  // namespace attest::oracle::dd
