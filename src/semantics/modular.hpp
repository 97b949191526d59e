// A pair of finite fields: identities of rational functions, tested at random points with a known error.
//
// Over the prime p = 2q + 1 (q prime) a score is an exponent modulo q and exp(s) = g^s, g of order q: the
// laws of the exponential hold exactly, for scores as well as for weights. There is no order, so `max`
// returns an arbitrary score instead: the shift must cancel. Two fields at once, with moduli of 61 bits.
//
// Error. Let a program call exp at most 3n times over n keys (one weight a key, two factors a merge), with no
// value of exp more than twice in any product. Times the denominators of those 3n quotients, its denominator
// l is a polynomial of degree 6n in the weights and shifts, its numerator o one of degree 6n + 1. If o/l is
// not sum w v / sum w, then o * sum w - l * sum w v is a nonzero polynomial of degree 6n + 2, and (Schwartz,
// Zippel) zero at a random point with probability at most degree / q: below 2^-50 for 100 keys in one field,
// the square of that in both.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace attest::semantics {

/// The two largest safe primes p = 2q + 1 below 2^61. 4 is a square, so its order is q.
inline constexpr std::array<std::uint64_t, 2> kSafePrimes{2305843009213691579, 2305843009213690799};

struct Modular {
  using Pair = std::array<std::uint64_t, 2>;
  struct Score {
    Pair exponent;  ///< modulo q
  };
  struct Acc {
    Pair residue;  ///< modulo p
    friend bool operator==(const Acc&, const Acc&) = default;
  };

  std::uint64_t seed = 0;  ///< chooses the shifts that stand in for maxima

  /// Any score, a function of seed, s and t.
  Score max(const Score& s, const Score& t) const;
  Score sub(const Score& s, const Score& t) const;
  Acc exp(const Score& s) const;
  Acc probability(const Acc& x) const { return x; }
  Acc one() const { return {{1, 1}}; }
  Acc add(const Acc& x, const Acc& y) const;
  Acc mul(const Acc& x, const Acc& y) const;
  /// Throws std::domain_error when y is zero in either field: draw the inputs again.
  Acc div(const Acc& x, const Acc& y) const;

  /// From 64 random bits; no score or value is more than 17/16 times as likely as under a uniform draw.
  Score score(std::uint64_t random) const;
  Acc value(std::uint64_t random) const;

  /// Degree of the polynomial that distinguishes a wrong program over `keys` keys from the definition, as
  /// derived above.
  static constexpr std::size_t degree(std::size_t keys) { return 6 * keys + 2; }
};

}  // namespace attest::semantics
