#include "semantics/modular.hpp"

#include <stdexcept>

namespace attest::semantics {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t order(std::size_t field) { return (kSafePrimes[field] - 1) / 2; }

std::uint64_t multiply(std::uint64_t x, std::uint64_t y, std::uint64_t modulus) {
  return static_cast<std::uint64_t>(static_cast<Wide>(x) * y % modulus);
}

std::uint64_t power(std::uint64_t base, std::uint64_t exponent, std::uint64_t modulus) {
  std::uint64_t result = 1;
  for (; exponent > 0; exponent >>= 1U) {
    if ((exponent & 1U) != 0) result = multiply(result, base, modulus);
    base = multiply(base, base, modulus);
  }
  return result;
}

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): a bijection that spreads every input bit.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ x >> 30U) * 0xbf58476d1ce4e5b9U;
  x = (x ^ x >> 27U) * 0x94d049bb133111ebU;
  return x ^ x >> 31U;
}

// Applies f(field) in both fields.
template <class F>
Modular::Pair both(const F& f) {
  return {f(std::size_t{0}), f(std::size_t{1})};
}

}  // namespace

Modular::Score Modular::max(const Score& s, const Score& t) const {
  return {both(
      [&](std::size_t i) { return mix(mix(mix(seed + i) ^ s.exponent[i]) ^ t.exponent[i]) % order(i); })};
}

Modular::Score Modular::sub(const Score& s, const Score& t) const {
  return {both([&](std::size_t i) { return (s.exponent[i] + order(i) - t.exponent[i]) % order(i); })};
}

Modular::Acc Modular::exp(const Score& s) const {
  constexpr std::uint64_t kGenerator = 4;
  return {both([&](std::size_t i) { return power(kGenerator, s.exponent[i], kSafePrimes[i]); })};
}

Modular::Acc Modular::add(const Acc& x, const Acc& y) const {
  return {both([&](std::size_t i) { return (x.residue[i] + y.residue[i]) % kSafePrimes[i]; })};
}

Modular::Acc Modular::mul(const Acc& x, const Acc& y) const {
  return {both([&](std::size_t i) { return multiply(x.residue[i], y.residue[i], kSafePrimes[i]); })};
}

Modular::Acc Modular::div(const Acc& x, const Acc& y) const {
  if (y.residue[0] == 0 || y.residue[1] == 0) throw std::domain_error("division by zero in a finite field");
  const Acc inverse{
      both([&](std::size_t i) { return power(y.residue[i], kSafePrimes[i] - 2, kSafePrimes[i]); })};
  return mul(x, inverse);
}

Modular::Score Modular::score(std::uint64_t random) const {
  return {both([&](std::size_t i) { return mix(random ^ mix(i)) % order(i); })};
}

Modular::Acc Modular::value(std::uint64_t random) const {
  return {both([&](std::size_t i) { return mix(random ^ mix(i)) % kSafePrimes[i]; })};
}

}  // namespace attest::semantics
