#include "forms/cases/row_case.hpp"

#include <ostream>

#include <fmt/format.h>
#include <rapidcheck/shrinkable/Create.h>

namespace attest::forms {
namespace {

// Most rows are small, because bugs of the recurrence are; some are longer than any tile.
std::int64_t draw_length(Draw& draw) {
  const std::int64_t choice = draw.below(20);
  if (choice == 0) return draw.between(13, 70);
  if (choice < 3) return draw.between(1, 2);
  return draw.between(2, 12);
}

const RowKind& draw_kind(Draw& draw) {
  std::int64_t total = 0;
  for (const RowKind& kind : row_kinds()) total += kind.share;
  std::int64_t at = draw.below(total);
  for (const RowKind& kind : row_kinds()) {
    at -= kind.share;
    if (at < 0) return kind;
  }
  return row_kinds().front();
}

Choices draw_choices(Draw& draw, std::int64_t keys) {
  Choices choices;
  choices.tile = static_cast<std::size_t>(draw.between(1, std::min<std::int64_t>(keys + 1, 5)));
  choices.splits = static_cast<std::size_t>(draw.pick({1, 2, 2, 2, 3, 4, 5}));
  choices.bracketing = draw.bits();
  choices.chunk = static_cast<std::size_t>(draw.between(1, 4));
  choices.tau = static_cast<int>(draw.pick({0, 1, 4, 8, 32}));
  choices.maxima = draw.bits();
  return choices;
}

std::string values_of(const KeyCase& key, std::size_t channels) {
  std::string text;
  for (std::size_t c = 0; c < channels; ++c) text += fmt::format("{}{}", c == 0 ? "" : "/", key.value.at(c));
  return text;
}

}  // namespace

RowCase draw_row(Draw& draw) {
  RowCase row;
  const std::int64_t length = draw_length(draw);
  row.keys.resize(static_cast<std::size_t>(length));
  row.channels = static_cast<std::size_t>(draw.between(1, static_cast<std::int64_t>(kMostChannels)));
  for (KeyCase& key : row.keys) {
    for (std::size_t c = 0; c < row.channels; ++c) key.value.at(c) = static_cast<int>(draw.between(-99, 99));
  }
  draw_kind(draw).draw(draw, row);
  row.choices = draw_choices(draw, length);
  return row;
}

rc::Gen<RowCase> any_row() {
  return rc::Gen<RowCase>([](const rc::Random& random, int) {
    Draw draw(random);
    return rc::shrinkable::shrinkRecur(draw_row(draw), [](const RowCase& row) { return shrinks_of(row); });
  });
}

std::string describe(const RowCase& row) {
  std::string scores;
  std::string values;
  for (const KeyCase& key : row.keys) {
    const std::string grain = key.grain == 0 ? "" : fmt::format("+{}g", key.grain);
    scores += fmt::format(" {}{}{}", key.score, grain, key.visible ? "" : "*");
    values += fmt::format(" {}", values_of(key, row.channels));
  }
  const Choices plain;
  const Choices& c = row.choices;
  std::string text = fmt::format("scores{}, values{}", scores, values);
  if (row.shift != 0) text += fmt::format(", shift {}", row.shift);
  if (c.tile != plain.tile) text += fmt::format(", tile {}", c.tile);
  if (c.splits != plain.splits) text += fmt::format(", splits {}", c.splits);
  if (c.bracketing != plain.bracketing) text += fmt::format(", bracketing {:#x}", c.bracketing);
  if (c.chunk != plain.chunk) text += fmt::format(", chunk {}", c.chunk);
  if (c.tau != plain.tau) text += fmt::format(", tau {}", c.tau);
  if (c.maxima != plain.maxima) text += fmt::format(", maxima {:#x}", c.maxima);
  return text;
}

void showValue(const RowCase& row, std::ostream& out) { out << describe(row); }

}  // namespace attest::forms
