// Tiles of keys, splits, and whether calls repeat.

#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>

#include "check/infer/probe.hpp"
#include "check/infer/quotient.hpp"

namespace attest::check {
namespace {

// Keys of a row that is scanned. Tiles do not depend on it, and splits do.
constexpr std::int64_t kScanned = 448;
constexpr std::int64_t kScannedAgain = 400;

// Whether the weights of two neighbours, each of which a sum of 1 absorbs, are lost together.
std::optional<bool> pair_lost(ProbeKernel& kernel, std::int64_t keys, std::int64_t at, int bits) {
  std::vector<double> scores(static_cast<std::size_t>(keys), -1000);
  scores.front() = 0;
  const double small = std::log(0.75 * std::ldexp(1.0, -bits));
  scores[static_cast<std::size_t>(at)] = scores[static_cast<std::size_t>(at + 1)] = small;
  std::vector<double> value(scores.size());
  value.front() = 1;
  const auto answer = kernel.ask(scores, {value});
  if (!answer) return std::nullopt;
  const double asked = answer->scores[static_cast<std::size_t>(at)];
  if (!(std::exp(asked) < 0.9 * std::ldexp(1.0, -bits) && std::exp(asked) > 0.55 * std::ldexp(1.0, -bits)))
    return std::nullopt;
  if (answer->lse) return *answer->lse == 0;
  if (!sees_last_bits(kernel)) return std::nullopt;
  return answer->out.front() == 1;
}

// In the first tile, whose sum begins with 1, all pairs are lost, or with pairwise sums those where a subtree
// ends.
bool is_first_tile(const std::vector<std::int64_t>& lost, std::int64_t tile) {
  std::int64_t all = 0;
  std::int64_t of_tree = 0;
  for (const std::int64_t at : lost) {
    if (at >= tile - 1) break;
    ++all;
    if (std::has_single_bit(static_cast<std::uint64_t>(at + 1))) ++of_tree;
  }
  return all == std::max<std::int64_t>(tile - 2, 0) || all == of_tree;
}

// Whether the places are the last keys of tiles from the second on, up to the end of the first split, and
// then the ends of splits that have at most a tile more or less. `whole`: there is one split.
bool follows(const std::vector<std::int64_t>& lost, std::int64_t tile, std::int64_t keys, bool whole) {
  auto at = std::lower_bound(lost.begin(), lost.end(), 2 * tile - 1);
  std::int64_t end = tile;  // of the keys that are explained
  while (at != lost.end() && *at + 1 == end + tile) end = *at++ + 1;
  if (end < 3 * tile) return false;
  const std::int64_t split = end;
  const auto fits = [&](std::int64_t length) { return length >= split - tile && length <= split + tile; };
  if (whole) return at == lost.end() && keys - end <= tile;
  for (; at != lost.end(); ++at) {
    if (!fits(*at + 1 - end)) return false;
    end = *at + 1;
  }
  return keys - end <= split + tile;
}

// Keys a tile, of the places where a pair is lost. One split explains them, or else several equal ones.
std::optional<std::int64_t> spacing(const std::vector<std::int64_t>& lost, std::int64_t keys) {
  for (const bool whole : {true, false}) {
    for (std::int64_t tile = 1; 3 * tile < keys; ++tile) {
      if (is_first_tile(lost, tile) && follows(lost, tile, keys, whole)) return tile;
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> tile_of(ProbeKernel& kernel, std::int64_t keys, int bits) {
  std::vector<std::int64_t> lost;
  for (std::int64_t at = 1; at + 1 < keys; ++at) {
    const auto one = pair_lost(kernel, keys, at, bits);
    if (!one) return std::nullopt;
    if (*one) lost.push_back(at);
  }
  return spacing(lost, keys);
}

// Means of equal keys that are rounded more than once.
struct Means {
  std::int64_t asked = 0, wrong = 0, shortest = 0;
  bool far = false;  ///< one is wrong by more than rounding
};

// Of values that differ, or of one value per channel, for 1 to 200 keys. None: no result.
std::optional<Means> means_of(ProbeKernel& kernel, bool reciprocal, bool constant) {
  Means means;
  for (std::int64_t keys = 1; keys <= 200; ++keys) {
    std::vector<std::vector<double>> values(8, std::vector<double>(static_cast<std::size_t>(keys)));
    std::vector<double> sums(8);
    for (std::size_t c = 0; c < values.size(); ++c) {
      for (std::size_t j = 0; j < values[c].size(); ++j) {
        const auto number = constant ? c + 1 : (j * (2 * c + 1) + j * j / 3) % 11;
        sums[c] += values[c][j] = kernel.value(static_cast<double>(number));
      }
    }
    const auto answer = kernel.ask(std::vector<double>(static_cast<std::size_t>(keys)), values);
    if (!answer) return std::nullopt;
    for (std::size_t c = 0; c < values.size(); ++c) {
      const double expected = quotient(sums_of(kernel), sums[c], static_cast<double>(keys), reciprocal);
      ++means.asked;
      if (answer->out[c] == expected) continue;
      means.far =
          means.far || !(std::fabs(answer->out[c] - expected) <= 704 * sums_of(kernel).unit_roundoff());
      ++means.wrong;
      if (means.shortest == 0) means.shortest = keys;
    }
  }
  return means;
}

enum class Weighing : std::uint8_t { equal, unequal, unclear };

// Where every split has as many keys, one merge of all gives every key the same weight. A chain of merges
// rounds the weights of the first splits more often than the last one's.
Weighing weighing_of(ProbeKernel& kernel, std::int64_t keys) {
  constexpr std::size_t kShown = 48;
  const auto length = static_cast<std::size_t>(keys);
  std::vector<std::vector<double>> values(kShown, std::vector<double>(length));
  for (std::size_t c = 0; c < kShown; ++c) values[c][c * length / kShown] = 1;
  const auto answer = kernel.ask(std::vector<double>(length), values);
  if (!answer) return Weighing::unclear;
  for (const double out : answer->out) {
    if (out != answer->out.front()) return Weighing::unequal;
  }
  return answer->out.front() == quotient(sums_of(kernel), 1, static_cast<double>(keys), false)
             ? Weighing::unclear
             : Weighing::equal;
}

// At once or in a chain, by rows of three, four and five tiles, each a split. None: unclear.
std::optional<std::string> order_of_merges(ProbeKernel& kernel, std::int64_t tile) {
  std::int64_t equal = 0;
  std::int64_t unequal = 0;
  for (const std::int64_t tiles : {3, 4, 5}) {
    const Weighing weighing = weighing_of(kernel, tiles * tile);
    if (weighing == Weighing::equal) ++equal;
    if (weighing == Weighing::unequal) ++unequal;
  }
  if (equal >= 1 && unequal == 0) return "lse";
  if (unequal >= 2 && equal == 0) return "chain";
  return std::nullopt;
}

// The first call's bits come back in each of 16 calls of a row whose sum depends on the order of additions.
std::optional<bool> repeats(ProbeKernel& kernel, bool by_order) {
  constexpr std::size_t kKeys = 200;
  // As far apart as the values' format allows, so that sums round.
  const int low = std::max(kernel.value_format().emin, -8);
  const int span = std::min(22, kernel.value_format().emax - low);
  std::vector<double> scores(kKeys);
  std::vector<std::vector<double>> values(48, std::vector<double>(kKeys));
  for (std::size_t c = 0; c < values.size(); ++c) {
    for (std::size_t j = 0; j < kKeys; j += 2) {
      const double x = kernel.value(std::ldexp(1 + static_cast<double>((7 * j + 5 * c) % 64) / 64,
                                               static_cast<int>(j / 2 * 5 + c) % span + low));
      values[c][j] = by_order ? x : 1 / (1 + x);
      values[c][(j + 101) % kKeys] = by_order ? -x : -1;
    }
  }
  if (!by_order) {
    for (std::size_t j = 0; j < kKeys; ++j) scores[j] = -0.013 * static_cast<double>(j % 97);
  }
  const auto first = kernel.ask(scores, values);
  for (int call = 1; first && call < 16; ++call) {
    const auto again = kernel.ask(scores, values);
    if (!again) return std::nullopt;
    if (again->out != first->out || again->lse != first->lse) return false;
  }
  return first ? std::optional(true) : std::nullopt;
}

}  // namespace

ProbeResult probe_repeatable(ProbeKernel& kernel, Known& /*known*/) {
  const auto equal_keys = repeats(kernel, true);
  const auto other_keys = repeats(kernel, false);
  if (!equal_keys || !other_keys) return {std::nullopt, "no result"};
  if (!*equal_keys)
    return {"false", "16 equal calls differ in their bits, with weights that need no rounding"};
  if (!*other_keys) return {std::nullopt, "16 equal calls differ where weights are rounded"};
  return {"true", "16 equal calls of two rows give the same bits"};
}

ProbeResult probe_key_block(ProbeKernel& kernel, Known& known) {
  if (!known.denominator_bits) return {std::nullopt, "the precision of the denominator is not known"};
  const auto tile = tile_of(kernel, kScanned, *known.denominator_bits);
  if (!tile) return {std::nullopt, "the places where a pair of small weights is lost follow no tiles"};
  if (tile_of(kernel, kScannedAgain, *known.denominator_bits) != tile)
    return {std::nullopt, "the places where a pair of small weights is lost change with the number of keys"};
  known.tile = tile;
  return {fmt::format("{}", *tile),
          fmt::format("pairs of small weights are lost where they lie in two tiles of {}", *tile)};
}

ProbeResult probe_merge(ProbeKernel& kernel, Known& known) {
  if (!sees_last_bits(kernel)) return {std::nullopt, "16-bit outputs do not show the last bit of a quotient"};
  if (!known.division) return {std::nullopt, "how quotients are rounded is not known"};
  const bool reciprocal = *known.division == "reciprocal";
  const auto means = means_of(kernel, reciprocal, false);
  const auto constants = means_of(kernel, reciprocal, true);
  if (!means || !constants) return {std::nullopt, "no result"};
  if (means->far || constants->far) return {std::nullopt, "a mean of equal keys is wrong"};
  if (means->wrong == 0 && constants->wrong == 0)
    return {"state", "3,200 means of equal keys are exact up to one rounding"};
  if (means->wrong == 0 || constants->wrong == 0 || constants->shortest <= 2)
    return {std::nullopt, "means of equal keys are rounded more than once, and not by a merge"};
  const auto order = known.tile ? order_of_merges(kernel, *known.tile) : std::nullopt;
  if (!order) return {std::nullopt, "splits are merged by logarithms, at once or in a chain"};
  return {order,
          fmt::format("{} of 1,600 means of one value are off in the last bits, from {} keys on; equal "
                      "splits weigh {}",
                      constants->wrong, constants->shortest, *order == "lse" ? "the same" : "otherwise")};
}

}  // namespace attest::check
