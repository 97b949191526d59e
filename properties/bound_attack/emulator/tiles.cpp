// Online softmax over tiles: the running shift, the rescale, the sums.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "bound_attack/emulator/emulation.hpp"

namespace attest::attack {
namespace {

using Tile = std::vector<std::size_t>;

std::vector<std::size_t> positions_in_order(Emulation& e) {
  std::vector<std::size_t> positions(static_cast<std::size_t>(e.row.existing));
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  if (e.strategy.key_order == KeyOrder::descending) std::reverse(positions.begin(), positions.end());
  if (e.strategy.key_order == KeyOrder::shuffled) {
    for (std::size_t i = positions.size(); i > 1; --i) {
      std::swap(positions[i - 1], positions[e.arithmetic.random().below(i)]);
    }
  }
  return positions;
}

// Tiles of `block` positions, the first shorter by `missing`, as lists of visible elements.
std::vector<Tile> cut(std::span<const std::size_t> positions, const std::vector<std::ptrdiff_t>& element_at,
                      std::size_t block, std::size_t missing) {
  std::vector<Tile> tiles;
  while (!positions.empty()) {
    const std::size_t length = std::min(block - missing, positions.size());
    missing = 0;
    Tile tile;
    for (const std::size_t position : positions.first(length)) {
      if (element_at[position] >= 0) tile.push_back(static_cast<std::size_t>(element_at[position]));
    }
    if (!tile.empty()) tiles.push_back(std::move(tile));
    positions = positions.subspan(length);
  }
  return tiles;
}

// Compared after rounding: s - m with tau, or s with m + tau.
bool lags_by_no_more(Emulation& e, Real m, Real top, Real tau) {
  if (top <= m || tau == 0) return top <= m;
  // What a kernel compares with is a number of the format.
  const Real threshold = e.arithmetic.store(e.score_unit, tau, -1);
  if (e.strategy.tau_by_sum) {
    // The nearest number to m + threshold is no further away than m is.
    const Real sum = e.arithmetic.add(e.score_unit, m, threshold, 1);
    const bool nearest = e.score_unit.rounding == Rounding::nearest_even;
    return top <= (nearest ? std::min(sum, m + 2 * threshold) : sum);
  }
  return e.arithmetic.add(e.score_unit, top, -m, -1) <= threshold;
}

// What the running shift becomes on seeing a score of `top`.
Real raised_shift(Emulation& e, const State& state, Real top) {
  const Real tau = static_cast<Real>(e.contract.tau) / e.scores.nats_per_unit;
  if (e.contract.shift_by_norms) return e.shift_for(top);
  if (!state.empty && lags_by_no_more(e, state.m, top, tau)) return state.m;
  if (e.strategy.shift_below_maximum && e.contract.tau > 0) {
    const Real lowered = top - tau * (1 - 0x1p-9L);
    return state.empty ? lowered : std::max(state.m, lowered);
  }
  return state.empty ? e.shift_for(top) : std::max(state.m, e.shift_for(top));
}

void rescale(Emulation& e, State& state, Real m) {
  if (!state.empty && m != state.m) {
    const Real factor = e.rescale_factor(state.m, m, state.pull);
    ++state.raises;
    const bool second = state.raises == 2;
    if (!(second && e.fault == Fault::one_denominator_rescale_missing)) {
      state.l = e.arithmetic.mul(e.denominators.unit(), state.l, factor, e.aim.denominator);
    }
    if (!(second && e.fault == Fault::one_numerator_rescale_missing)) {
      for (Real& x : state.numerator) {
        x = e.arithmetic.mul(e.numerators.unit(), x, factor, e.aim.numerator);
      }
    }
  }
  state.m = m;
}

struct TileWeights {
  std::vector<Real> for_l, for_numerator;  // P as each sum reads it; the second only for keys
};

TileWeights weights_of(Emulation& e, const State& state, const Tile& tile) {
  const oracle::Contract& c = e.contract;
  const std::size_t n = e.row.keys.size();
  Real tile_pull = 0;
  for (const std::size_t j : tile) tile_pull += e.aim.pull[j];
  Real shift = state.m;
  if (e.scores.rounded_shift) {
    shift = e.arithmetic.mul(e.score_unit, state.m, e.scores.factor, -sign_of(tile_pull));
  }
  TileWeights weights;
  for (const std::size_t j : tile) {
    const int push = e.aim.key(j);
    const Real weight = e.exponential(e.exponent(e.scores.x[j], shift, push), push);
    Real p = weight;
    if (c.probability) {
      const int p_push = c.denominator_sums_rounded || j >= n ? push : e.aim.value_push[j];
      p = e.probability(weight, p_push);
    }
    weights.for_l.push_back(c.denominator_sums_rounded ? p : weight);
    if (j < n) weights.for_numerator.push_back(p);
  }
  return weights;
}

void absorb(Emulation& e, State& state, const Tile& tile) {
  Real top = e.scores.x[tile.front()];
  for (const std::size_t j : tile) top = std::max(top, e.scores.x[j]);
  rescale(e, state, raised_shift(e, state, top));
  const TileWeights weights = weights_of(e, state, tile);
  state.l = e.denominators.sum(e.arithmetic, state.l, weights.for_l, e.aim.denominator);
  std::vector<Real> values(weights.for_numerator.size());
  for (std::size_t c = 0; c < e.v_dim(); ++c) {
    std::size_t at = 0;
    for (const std::size_t j : tile) {
      if (j < e.row.keys.size()) {
        values[at++] = e.value(j, c);
      }
    }
    state.numerator[c] =
        e.numerators.inner(e.arithmetic, state.numerator[c], weights.for_numerator, values, e.aim.numerator);
  }
  for (const std::size_t j : tile) state.pull += e.aim.pull[j];
  state.empty = false;
}

}  // namespace

std::vector<std::vector<Tile>> tiles_by_split(Emulation& e) {
  const std::vector<std::size_t> positions = positions_in_order(e);
  std::vector<std::ptrdiff_t> element_at(positions.size(), -1);
  for (std::size_t j = 0; j < e.row.keys.size(); ++j) {
    element_at[static_cast<std::size_t>(e.row.keys[j].index)] = static_cast<std::ptrdiff_t>(j);
  }
  const auto block =
      static_cast<std::size_t>(e.contract.key_block) * static_cast<std::size_t>(e.strategy.tile_factor);
  const std::size_t missing = static_cast<std::size_t>(e.strategy.tile_offset) % block;
  const auto splits = static_cast<std::size_t>(e.strategy.splits);
  std::vector<std::vector<Tile>> result;
  for (std::size_t part = 0; part < splits; ++part) {
    const std::size_t from = positions.size() * part / splits;
    const std::size_t to = positions.size() * (part + 1) / splits;
    result.push_back(cut(std::span(positions).subspan(from, to - from), element_at, block, missing));
  }
  if (e.row.sink && e.contract.sink_in_max) {
    const Tile sink{e.row.keys.size()};
    if (e.strategy.sink_first)
      result.front().insert(result.front().begin(), sink);
    else
      result.back().push_back(sink);
  }
  return result;
}

State fold_tiles(Emulation& e, const std::vector<Tile>& tiles) {
  State state;
  state.numerator.assign(e.v_dim(), 0);
  bool sink_waits = e.fault == Fault::late_sink_after_one_tile && e.row.sink && !e.contract.sink_in_max;
  for (const Tile& tile : tiles) {
    absorb(e, state, tile);
    if (std::exchange(sink_waits, false)) add_sink(e, state);
  }
  return state;
}

void add_sink(Emulation& e, State& state) {
  const std::size_t sink = e.row.keys.size();
  const int push = e.aim.key(sink);
  Real shift = state.m;
  if (e.scores.rounded_shift) shift = e.arithmetic.mul(e.score_unit, state.m, e.scores.factor, -push);
  const Real weight = e.exponential(e.exponent(e.scores.x[sink], shift, push), push);
  state.l = e.arithmetic.add(e.denominators.unit(), state.l, weight, e.aim.denominator);
}

}  // namespace attest::attack
