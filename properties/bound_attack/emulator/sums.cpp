#include "bound_attack/emulator/sums.hpp"

#include <algorithm>
#include <vector>

namespace attest::attack {

bool Summer::whole_tiles() const {
  return sum_.order == oracle::Order::tree || strategy_.summation != Summation::sequential ||
         !strategy_.straight_into_accumulator;
}

Real Summer::blocks(RoundedArithmetic& arithmetic, Real initial, std::span<const Real> terms, bool products,
                    int push) const {
  const auto width = static_cast<std::size_t>(sum_.width);
  for (std::size_t at = 0; at < terms.size(); at += width) {
    const std::size_t size = std::min(width, terms.size() - at);
    initial = arithmetic.block_add(unit_, initial, terms.subspan(at, size), products, push);
  }
  return initial;
}

// Pairwise where the contract says tree, else any bracketing.
Real Summer::tree(RoundedArithmetic& arithmetic, std::span<const Real> terms, int push) const {
  if (terms.empty()) return 0;
  if (terms.size() == 1) return terms[0];
  std::size_t left = (terms.size() + 1) / 2;
  if (sum_.order != oracle::Order::tree) {
    if (strategy_.summation == Summation::sequential) left = terms.size() - 1;
    if (strategy_.summation == Summation::random_tree) left = 1 + arithmetic.random().below(terms.size() - 1);
  } else {
    // A full binary tree over the next power of two, so that no depth exceeds ceil(log2 n).
    left = 1;
    while (2 * left < terms.size()) left *= 2;
  }
  const Real a = tree(arithmetic, terms.first(left), push);
  const Real b = tree(arithmetic, terms.subspan(left), push);
  return arithmetic.add(unit_, a, b, push);
}

Real Summer::sum(RoundedArithmetic& arithmetic, Real initial, std::span<const Real> terms, int push) const {
  if (sum_.order == oracle::Order::block_fma) return blocks(arithmetic, initial, terms, false, push);
  if (whole_tiles()) {
    const Real total = tree(arithmetic, terms, push);
    return initial == 0 ? total : arithmetic.add(unit_, initial, total, push);
  }
  for (const Real term : terms) initial = arithmetic.add(unit_, initial, term, push);
  return initial;
}

Real Summer::inner(RoundedArithmetic& arithmetic, Real initial, std::span<const Real> a,
                   std::span<const Real> b, int push) const {
  std::vector<Real> products(a.size());
  if (sum_.order == oracle::Order::block_fma) {
    for (std::size_t i = 0; i < a.size(); ++i) products[i] = a[i] * b[i];
    return blocks(arithmetic, initial, products, true, push);
  }
  if (strategy_.fused_multiply_add && !whole_tiles()) {
    for (std::size_t i = 0; i < a.size(); ++i) initial = arithmetic.fma(unit_, a[i], b[i], initial, push);
    return initial;
  }
  for (std::size_t i = 0; i < a.size(); ++i) products[i] = arithmetic.mul(unit_, a[i], b[i], push);
  return sum(arithmetic, initial, products, push);
}

}  // namespace attest::attack
