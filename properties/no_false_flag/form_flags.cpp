#include <atomic>
#include <thread>

#include <fmt/format.h>

#include "flags.hpp"
#include "forms/forms/form_list.hpp"
#include "numerics/random_value.hpp"

namespace attest::properties {
namespace {

constexpr std::int64_t kMostKeys = 300;

// One row in ten is long, its tiles of ordinary sizes.
forms::RowCase any_length(Draw& draw) {
  forms::RowCase row = forms::draw_row(draw);
  if (!draw.chance(0.1)) return row;
  row.keys.assign(static_cast<std::size_t>(draw.between(70, kMostKeys)), {});
  for (forms::KeyCase& key : row.keys) {
    for (std::size_t c = 0; c < row.channels; ++c) key.value.at(c) = static_cast<int>(draw.between(-99, 99));
  }
  const auto& kinds = forms::row_kinds();
  kinds[static_cast<std::size_t>(draw.below(static_cast<std::int64_t>(kinds.size())))].draw(draw, row);
  row.choices.tile = static_cast<std::size_t>(draw.pick({1, 7, 16, 64}));
  return row;
}

bool is_float(const forms::FormWorld& world) {
  const std::string_view name = world.entry().name;
  return name == "f64" || name == "f32" || name == "f16" || name == "bf16" || name.starts_with("f32, P in");
}

}  // namespace

FlagCount count_form_flags(const forms::FormWorld& world, const forms::FormEntry& form, std::int64_t rows,
                           std::uint64_t seed) {
  FlagCount count;
  count.subject = fmt::format("{} in {}", form.name, world.entry().name);
  for (std::int64_t i = 0; i < rows; ++i) {
    Draw draw{rc::Random(mixed(mixed(seed) + static_cast<std::uint64_t>(i)))};
    forms::FormStatement statement{{{any_length(draw)}}, {forms::IsDefinition{}}};
    if (world.entry().total) statement.claims.emplace_back(forms::TotalIsDefinition{});
    const forms::Ruling ruling = world.examine(form.name, statement);
    ++(ruling.decision == forms::Decision::undecided ? count.uncertified : count.certified);
    if (ruling.decision != forms::Decision::violated) continue;
    ++count.flagged;
    if (count.first.empty()) count.first = forms::describe(statement.runs[0].row) + ": " + ruling.why;
  }
  return count;
}

std::vector<FlagCount> count_all_form_flags(std::int64_t rows, std::uint64_t seed, unsigned jobs) {
  struct Place {
    const forms::FormWorld* world;
    forms::FormEntry form;
  };
  std::vector<Place> places;
  for (const auto& world : forms::form_worlds()) {
    for (const forms::FormEntry& form : forms::form_entries()) {
      if (is_float(*world) && world->why_not(form).empty()) places.push_back({world.get(), form});
    }
  }
  std::vector<FlagCount> counts(places.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < places.size(); i = next++)
      counts[i] = count_form_flags(*places[i].world, places[i].form, rows, seed + i);
  };
  std::vector<std::jthread> others;
  for (unsigned job = 1; job < jobs; ++job) others.emplace_back(work);
  work();
  others.clear();
  return counts;
}

}  // namespace attest::properties
