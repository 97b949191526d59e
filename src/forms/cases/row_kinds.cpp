#include "forms/cases/row_case.hpp"

namespace attest::forms {
namespace {

constexpr int kGrains = 8;

int score_within(Draw& draw, int limit) { return static_cast<int>(draw.between(-limit, limit)); }

void draw_grains(Draw& draw, RowCase& row) {
  for (KeyCase& key : row.keys) key.grain = static_cast<int>(draw.below(kGrains));
}

void mask_some(Draw& draw, RowCase& row) {
  if (draw.chance(0.5)) return;
  for (KeyCase& key : row.keys) key.visible = draw.chance(0.75);
}

void draw_plain(Draw& draw, RowCase& row) {
  draw_grains(draw, row);
  mask_some(draw, row);
  for (KeyCase& key : row.keys) key.score = score_within(draw, 12);
}

void draw_rising(Draw& draw, RowCase& row) {
  mask_some(draw, row);
  int score = score_within(draw, 12);
  for (KeyCase& key : row.keys) key.score = score += static_cast<int>(draw.between(1, 3));
}

void draw_falling(Draw& draw, RowCase& row) {
  mask_some(draw, row);
  int score = score_within(draw, 12);
  for (KeyCase& key : row.keys) key.score = score -= static_cast<int>(draw.between(1, 3));
}

void draw_saw(Draw& draw, RowCase& row) {
  mask_some(draw, row);
  const int height = static_cast<int>(draw.between(2, 16));
  for (std::size_t j = 0; j < row.keys.size(); ++j) {
    row.keys[j].score = (j % 2 == 0 ? 0 : height) + static_cast<int>(draw.below(2));
  }
}

void draw_equal(Draw& draw, RowCase& row) {
  mask_some(draw, row);
  const int score = score_within(draw, 12);
  for (KeyCase& key : row.keys) key.score = score;
}

void draw_spike(Draw& draw, RowCase& row) {
  draw_plain(draw, row);
  KeyCase& spike = row.keys[static_cast<std::size_t>(draw.below(static_cast<std::int64_t>(row.keys.size())))];
  spike.score = 64;
}

void draw_masked_head(Draw& draw, RowCase& row) {
  draw_plain(draw, row);
  const auto head = static_cast<std::size_t>(draw.between(1, static_cast<std::int64_t>(row.keys.size())));
  for (std::size_t j = 0; j < head; ++j) row.keys[j].visible = false;
  row.keys.back().visible = true;
}

void draw_nothing(Draw& draw, RowCase& row) {
  draw_plain(draw, row);
  for (KeyCase& key : row.keys) key.visible = false;
}

void draw_huge(Draw& draw, RowCase& row) {
  mask_some(draw, row);
  for (KeyCase& key : row.keys) key.score = 64 * score_within(draw, 32);
}

}  // namespace

const std::vector<RowKind>& row_kinds() {
  static const std::vector<RowKind> kinds{
      {"plain", "scores of a few nats, some keys masked: every sum has several terms that count", 6,
       draw_plain},
      {"rising",
       "each key raises the running max: a rescale that is missing or applied to one sum only shows", 4,
       draw_rising},
      {"falling", "the first key has the max: a tile that is shifted by its own max and not rescaled shows",
       3, draw_falling},
      {"saw", "the max rises by less than some thresholds and more than others: lazy rescales do both", 2,
       draw_saw},
      {"equal",
       "ties at the max, all weights equal: a key that is lost or counted twice is not hidden by its "
       "weight",
       2, draw_equal},
      {"spike", "one key outweighs the others: where it is lost, leaked or in another tile all changes", 2,
       draw_spike},
      {"masked head", "leading tiles without a visible key: their running max is that of no key", 3,
       draw_masked_head},
      {"nothing visible", "no key at all: the output is defined to be zero", 1, draw_nothing},
      {"huge gaps", "exponentials of a wrong sign or of a wrong max overflow, in f64 as well", 2, draw_huge},
  };
  return kinds;
}

}  // namespace attest::forms
