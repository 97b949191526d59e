#include "attention/schedule.hpp"

#include <algorithm>

namespace attest::attention {
namespace {

Schedule tiled_range(std::size_t begin, std::size_t end, std::size_t tile) {
  Schedule schedule{begin, end, {}};
  if (end - begin <= tile) return schedule;
  for (std::size_t at = begin; at < end; at += tile) {
    schedule.parts.push_back({at, std::min(at + tile, end), {}});
  }
  return schedule;
}

Schedule tree_range(std::size_t begin, std::size_t end) {
  if (end - begin <= 1) return {begin, end, {}};
  const std::size_t middle = begin + (end - begin) / 2;
  return {begin, end, {tree_range(begin, middle), tree_range(middle, end)}};
}

// Every tree of pairs over begin..end-1; a range of several keys may also stay one tile if `tiles` says so.
std::vector<Schedule> trees(std::size_t begin, std::size_t end, bool tiles) {
  std::vector<Schedule> all;
  if (tiles || end - begin <= 1) all.push_back({begin, end, {}});
  for (std::size_t middle = begin + 1; middle < end; ++middle) {
    const auto right_trees = trees(middle, end, tiles);
    for (const auto& left : trees(begin, middle, tiles)) {
      for (const auto& right : right_trees) all.push_back({begin, end, {left, right}});
    }
  }
  return all;
}

}  // namespace

Schedule sequential(std::size_t keys) { return tiled_range(0, keys, 1); }
Schedule tiled(std::size_t keys, std::size_t tile) { return tiled_range(0, keys, tile); }
Schedule tree(std::size_t keys) { return tree_range(0, keys); }

Schedule split_k(std::size_t keys, std::size_t splits, std::size_t tile) {
  Schedule schedule{0, keys, {}};
  for (std::size_t i = 0; i < splits; ++i) {
    schedule.parts.push_back(tiled_range(keys * i / splits, keys * (i + 1) / splits, tile));
  }
  return schedule;
}

std::vector<Schedule> all_bracketings(std::size_t keys) { return trees(0, keys, false); }
std::vector<Schedule> all_schedules(std::size_t keys) { return trees(0, keys, true); }

std::string to_string(const Schedule& schedule) {
  if (!schedule.parts.empty()) {
    std::string text = "(";
    for (const auto& part : schedule.parts) text += (text.size() > 1 ? " " : "") + to_string(part);
    return text + ")";
  }
  if (schedule.begin == schedule.end) return "()";
  std::string first = std::to_string(schedule.begin);
  if (schedule.end - schedule.begin == 1) return first;
  return first + ".." + std::to_string(schedule.end - 1);
}

}  // namespace attest::attention
