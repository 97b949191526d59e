// The order in which a row's keys are brought together: a schedule is data (run.hpp runs it).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace attest::attention {

/// Keys begin..end-1. Without parts they are one tile; else the parts are consecutive ranges that cover them,
/// merged from left to right: ((p0 + p1) + p2) + ...
struct Schedule {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::vector<Schedule> parts;

  friend bool operator==(const Schedule&, const Schedule&) = default;
};

/// One key after another.
Schedule sequential(std::size_t keys);
/// Tiles of `tile` keys (the last may be shorter), one after another. Precondition: tile >= 1.
Schedule tiled(std::size_t keys, std::size_t tile);
/// A balanced binary tree over single keys.
Schedule tree(std::size_t keys);
/// `splits` nearly equal ranges, each tiled, their states merged in order; with more splits than keys some
/// are empty. Precondition: splits >= 1, tile >= 1.
Schedule split_k(std::size_t keys, std::size_t splits, std::size_t tile);

/// Every way of bracketing the keys in twos, one key a tile: Catalan(keys - 1) schedules, 42 for 6 keys.
std::vector<Schedule> all_bracketings(std::size_t keys);
/// Every way of cutting the keys into tiles and bracketing the tiles in twos: 1, 2, 5, 15, 51, 188 schedules
/// for 1 to 6 keys. Contains all_bracketings.
std::vector<Schedule> all_schedules(std::size_t keys);

/// "((0 1..2) 3)": tiles by their first and last key; "()" is an empty tile.
std::string to_string(const Schedule& schedule);

}  // namespace attest::attention
