// 128 bits that stand for a sequence of numbers.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "numerics/random_value.hpp"

namespace attest {

/// Two sequences that differ share a fingerprint with a chance of about 2^-128. Not for adversaries.
struct Fingerprint {
  std::uint64_t first = 0, second = 0;
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

/// Takes a sequence piece by piece. Where pieces begin and end counts: ("ab", "c") is not ("a", "bc").
class Fingerprinter {
 public:
  void add(std::uint64_t word) {
    lanes_[0].take(word);
    lanes_[0].take(0x9e3779b97f4a7c15u);
  }

  // Four lanes, because one product has to wait for the one before.
  void add(std::span<const double> values) {
    std::size_t i = 0;
    for (; i + kLanes <= values.size(); i += kLanes) {
      for (std::size_t lane = 0; lane < kLanes; ++lane)
        lanes_[lane].take(std::bit_cast<std::uint64_t>(values[i + lane]));
    }
    for (; i < values.size(); ++i) lanes_[0].take(std::bit_cast<std::uint64_t>(values[i]));
    add(values.size());
  }

  void add(std::span<const Fingerprint> prints) {
    for (std::size_t i = 0; i < prints.size(); ++i) {
      lanes_[i % kLanes].take(prints[i].first);
      lanes_[i % kLanes].take(prints[i].second);
    }
    add(prints.size());
  }

  void add(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); i += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + i, std::min<std::size_t>(8, text.size() - i));
      lanes_[0].take(word);
    }
    add(text.size());
  }

  Fingerprint fingerprint() const {
    Fingerprint made;
    for (const Lane& lane : lanes_) {
      made.first = mixed(made.first ^ lane.a);
      made.second = mixed(made.second + lane.b);
    }
    return made;
  }

 private:
  // Each step is a bijection of the lane's state for every word, and of the word for every state.
  struct Lane {
    std::uint64_t a = 0x243f6a8885a308d3u, b = 0x13198a2e03707344u;
    void take(std::uint64_t word) {
      a = std::rotl((a ^ word) * 0xbf58476d1ce4e5b9u, 29);
      b = std::rotl((b + word) * 0x94d049bb133111ebu, 37);
    }
  };
  static constexpr std::size_t kLanes = 4;
  std::array<Lane, kLanes> lanes_{};
};

}  // namespace attest
