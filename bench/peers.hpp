// Uncertified and certified references that others would use, on rows that the oracle gathered.
#pragma once

#include <string>
#include <vector>

#include "oracle/definition/row.hpp"

namespace attest::bench {

/// o and then lse of a row without softcap, bias, ALiBi or sink, by plain MPFR loops at `bits` bits, rounded
/// to doubles.
std::vector<double> mpfr_row(const oracle::Row& row, long bits);

/// A midpoint, rounded to a double, and a radius that covers the rounding.
struct Ball {
  double middle = 0, radius = 0;
};
/// The same as balls of Arb, by its dot products.
std::vector<Ball> arb_row(const oracle::Row& row, long bits);

std::string version_of_mpfr();
std::string version_of_arb();

}  // namespace attest::bench
