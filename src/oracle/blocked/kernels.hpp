// The inner loops of the blocked tier, compiled for several instruction sets and chosen when they run.
//
// Nothing depends on the choice but speed and rounding within the errors that docs/bound-derivation.md 13
// counts.
#pragma once

#include <array>
#include <cstddef>
#include <numeric>

namespace attest::oracle::blocked {

constexpr std::size_t kTileKeys = 96;   ///< keys of a tile
constexpr std::size_t kPanelKeys = 24;  ///< keys of a tile are packed by panels: [panel][qk_dim][kPanelKeys]
constexpr std::size_t kGroupRows = 24;  ///< query rows that go through a tile together
constexpr std::size_t kRowStep = 8;     ///< rows are computed by eights
constexpr std::size_t kChannelStep = 16;  ///< v_dim is padded to a multiple of this

/// How the weights of one row and the terms of its bound come from its scores (13: w, x, a, b).
struct Weighing {
  double shift = 0;          ///< m
  double constant = 0;       ///< C0 + C2 M
  double per_norm = 0;       ///< C1 |q|
  double per_score = 0;      ///< C2, subtracted
  double per_magnitude = 0;  ///< C3, of |s|
  double per_term = 0;       ///< C4 + C3, of |bias| + |slope distance|
  double curvature = 0;      ///< a = x + curvature x^2
  double mu = 0;
};

/// Sums side by side in the lanes of a vector; nothing depends on which lane holds what.
struct LaneSums {
  std::array<double, kRowStep> lanes{};
  double sum() const { return std::accumulate(lanes.begin(), lanes.end(), 0.0); }
};

struct RowTally {
  LaneSums weight;          ///< sum of w
  LaneSums common;          ///< sum of w a
  LaneSums spread;          ///< sum of w b
  double largest = -1e300;  ///< largest score
};

/// s[i][j] = sum_c q[i][c] k_j[c] for `rows` rows (a multiple of kRowStep) and the keys of panels [first,
/// last). q is [rows][qk_dim], panels as kPanelKeys says, s is [rows][kTileKeys].
void scores(const double* q, std::size_t rows, std::size_t qk_dim, const double* panels, std::size_t first,
            std::size_t last, double* s);

/// The largest of s[begin, end); begin and end are multiples of kRowStep.
double largest_score(const double* s, std::size_t begin, std::size_t end);

/// Turns scores [begin, end) of `rows` rows (multiples of kRowStep, but for rows) into weights w in place,
/// writes w b to `spread`, adds to the tallies. s, spread and terms are [rows][kTileKeys]; `norms` are |k_j|;
/// `terms` are |bias| + |slope distance|, or null.
void weigh(double* s, float* spread, const double* norms, const double* terms, const Weighing* by,
           std::size_t rows, std::size_t begin, std::size_t end, RowTally* tallies);

/// to[i][c] += sum of weights[i][j] values[j][c] over j in [begin, end): weights [rows][kTileKeys], values
/// [kTileKeys][channels], to [rows][channels]. The sum of a tile is formed before it is added.
void add_products(const double* weights, std::size_t rows, const double* values, std::size_t channels,
                  std::size_t begin, std::size_t end, double* to);
void add_products(const float* weights, std::size_t rows, const float* values, std::size_t channels,
                  std::size_t begin, std::size_t end, float* to);

/// y[i] = exp(x[i]) to a relative 2^-50 for x in [-700, 700]; smaller arguments count as -700. n is a
/// multiple of kRowStep.
void exponentials(const double* x, double* y, std::size_t n);

/// s[i] = softcap tanh(s[i] / softcap), off by at most 12u softcap; 2 / softcap must be finite. n is a
/// multiple of kRowStep.
void softcaps(double* s, std::size_t n, double softcap);

/// The instruction set in use, for reports: "AVX3", "AVX2", ...
const char* instruction_set();

}  // namespace attest::oracle::blocked
